'use strict'
/**
 * Preload of a playground host (NODE_OPTIONS=--require): kills its own process at one named point, by watching what the
 * process sends and gets, so that the plugin needs no hook for it. Armed by SIGUSR2, said on stderr.
 *
 * CRASH_AT            one of POINTS
 * CRASH_OCCURRENCE    how often the point must be reached after the arming; 1 by default
 */
const diagnostics = require('node:diagnostics_channel')
const { Client } = require('pg')
const { WebSocket } = require('ws')
const { isAck } = require('./socket-frames.cjs')
const { BINDING, ENQUEUE, INSERT, NOTE_DISPATCH, RUN_EVENT, TURN_END } = require('./statement-patterns.cjs')

const DISPATCH = (text, values) => ENQUEUE.test(text) && String(values[0]).includes('"agent.chat_dispatch.v1"')

/** `before` a statement is sent, `after` its result has come, or after an exchange of another kind. */
const POINTS = {
  'before insert': { before: INSERT },
  'after insert before ack': { after: INSERT },
  'after ack': { exchange: 'ack' },
  'in routing': { before: BINDING },
  'before enqueue': { before: DISPATCH },
  'after enqueue before bookkeeping': { before: NOTE_DISPATCH },
  'mid-answer, after a run event': { after: RUN_EVENT },
  'mid-answer, after the card': { exchange: 'card' },
  'mid-answer, after a patch': { exchange: 'patch' },
  'before the outcome': { before: TURN_END }
}

const name = process.env.CRASH_AT
const point = POINTS[name]
if (!point) throw new Error(`CRASH_AT is none of ${Object.keys(POINTS).join(', ')}: ${name}`)

let armed = false
let left = Number(process.env.CRASH_OCCURRENCE || 1)

process.on('SIGUSR2', () => {
  armed = true
  process.stderr.write('crash-at: armed\n')
})

function reached() {
  if (!armed) return
  left -= 1
  if (left === 0) process.kill(process.pid, 'SIGKILL')
}

const matches = (wanted, text, values) => (wanted instanceof RegExp ? wanted.test(text) : wanted(text, values))

const query = Client.prototype.query
Client.prototype.query = function (config, ...rest) {
  const isObject = typeof config === 'object' && config !== null
  const text = String((isObject ? config.text : config) ?? '')
  const given = isObject && config.values ? config.values : rest[0]
  const values = Array.isArray(given) ? given : []
  if (point.before && matches(point.before, text, values)) reached()
  const result = query.call(this, config, ...rest)
  // Before the caller hears of it: nobody else has got hold of this promise yet.
  if (point.after && matches(point.after, text, values)) result.then(reached, () => undefined)
  return result
}

if (point.exchange === 'ack') {
  diagnostics.subscribe('http.server.response.finish', ({ request, response }) => {
    if (request.url.includes('/lark/webhook/') && response.statusCode === 200) reached()
  })
  const send = WebSocket.prototype.send
  WebSocket.prototype.send = function (data, ...rest) {
    if (!isAck(data)) return send.call(this, data, ...rest)
    const done = rest.find((each) => typeof each === 'function')
    const options = rest.find((each) => typeof each === 'object' && each !== null)
    return send.call(this, data, options ?? {}, (error) => {
      if (!error) reached()
      done?.(error)
    })
  }
}

if (point.exchange === 'card' || point.exchange === 'patch') {
  const isWanted =
    point.exchange === 'card'
      ? ({ method, path }) => method === 'POST' && path.startsWith('/open-apis/im/v1/messages')
      : ({ method, path }) => method === 'PATCH' && path.startsWith('/open-apis/im/v1/messages')
  diagnostics.subscribe('http.client.response.finish', ({ request, response }) => {
    if (isWanted(request) && response.statusCode === 200) reached()
  })
}
