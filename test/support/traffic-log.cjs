'use strict'
/**
 * Preload of a playground host (NODE_OPTIONS=--require): writes what the process does, a JSON line each, to TRAFFIC_LOG:
 * `delivery` (a webhook request, or a message's frame on the socket, came), `statement` (text, the connection that carries
 * it, and how many messages it puts into the host's queue), `ack` (the webhook's answer left, or the socket's
 * acknowledgement is sent), `lark` (a call to Lark began).
 */
const { appendFileSync } = require('node:fs')
const diagnostics = require('node:diagnostics_channel')
const { Client } = require('pg')
const { WebSocket } = require('ws')
const { isAck, isMessage } = require('./socket-frames.cjs')
const { ENQUEUE } = require('./statement-patterns.cjs')

const file = process.env.TRAFFIC_LOG
if (!file) throw new Error('TRAFFIC_LOG names no file')
const note = (line) => appendFileSync(file, `${JSON.stringify(line)}\n`)

const query = Client.prototype.query
Client.prototype.query = function (config, ...rest) {
  const isObject = typeof config === 'object' && config !== null
  const values = (isObject && config.values) || rest[0]
  const first = Array.isArray(values) ? String(values[0]) : ''
  const text = String((isObject ? config.text : config) ?? '')
  note({
    kind: 'statement',
    connection: this.processID,
    text,
    isDispatch: first.includes('"agent.chat_dispatch.v1"'),
    queued: ENQUEUE.test(text) ? JSON.parse(first).length : 0
  })
  return query.call(this, config, ...rest)
}

const isWebhook = ({ url }) => url.includes('/lark/webhook/')

diagnostics.subscribe('http.server.request.start', ({ request }) => {
  if (isWebhook(request)) note({ kind: 'delivery' })
})

diagnostics.subscribe('http.server.response.finish', ({ request }) => {
  if (isWebhook(request)) note({ kind: 'ack' })
})

const { emit, send } = WebSocket.prototype

WebSocket.prototype.emit = function (name, data, ...rest) {
  if (name === 'message' && isMessage(data)) note({ kind: 'delivery' })
  return emit.call(this, name, data, ...rest)
}

WebSocket.prototype.send = function (data, ...rest) {
  if (isAck(data)) note({ kind: 'ack' })
  return send.call(this, data, ...rest)
}

diagnostics.subscribe('http.client.request.start', ({ request }) => {
  if (request.path.includes('/open-apis/')) note({ kind: 'lark', text: `${request.method} ${request.path}` })
})
