'use strict'
/** Frames of a long connection as they stand on the wire, for those who watch a host's socket from outside the SDK. */
const { Buffer } = require('node:buffer')

/** A message of a person; the envelope travels uncompressed. */
const isMessage = (data) => Buffer.from(data).includes('im.message.receive_v1')

/** The SDK puts this header into acknowledgements of events and into nothing else. */
const isAck = (data) => {
  const frame = Buffer.from(data)
  return frame.includes('biz_rt') && frame.includes('"code":200')
}

module.exports = { isMessage, isAck }
