import { scriptSchema } from './script-schema'

type Schema = Record<string, unknown>

const words: Schema = { type: 'string', minLength: 1 }
const wordOrWords: Schema = { type: ['string', 'array'], items: words, minItems: 1 }
const names: Schema = { type: 'array', items: words, uniqueItems: true }
const count: Schema = { type: 'integer', minimum: 0 }
const flag: Schema = { type: 'boolean' }
const transport: Schema = { enum: ['webhook', 'long_connection'] }
const withinSeconds: Schema = { type: 'number', exclusiveMinimum: 0, maximum: 600 }

const closed = (properties: Record<string, Schema>, required: string[] = []): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false
})

const bot = closed(
  {
    name: words,
    transport,
    encrypted: flag,
    scopes: names,
    script: { $ref: '#/$defs/script' },
    trigger: { type: 'object' }
  },
  ['name', 'transport', 'script']
)

const group = closed({ name: words, people: names, bots: names, mode: { enum: ['group', 'topic'] } }, [
  'name',
  'people',
  'bots'
])

const spoken = { by: words, to: words, replyTo: words, id: words }

/** The simulator's Fault, with the bot's name instead of its app id. */
const fault = closed(
  {
    on: { enum: ['api', 'delivery', 'endpoint', 'handshake', 'pong'] },
    bot: words,
    times: { type: 'integer', minimum: -1 },
    delayMs: count,
    api: words,
    drop: { enum: ['before', 'after'] },
    status: { type: 'integer', minimum: 100, maximum: 599 },
    code: { type: 'integer' },
    msg: words,
    okWithCode: { type: 'integer' },
    rateLimited: flag,
    nullData: flag,
    body: closed({ cutAfter: count, stallAfter: count, lengthless: flag }),
    eventType: words,
    duplicate: count,
    dropAck: flag,
    reorder: flag,
    fragments: count,
    shuffleFragments: flag,
    never: flag,
    withoutConfig: flag
  },
  ['on']
)

const expectation = {
  ...closed({
    message: words,
    press: words,
    bot: words,
    text: { type: 'string' },
    includes: wordOrWords,
    excludes: wordOrWords,
    matches: words,
    buttons: { type: 'array', items: words },
    answers: count,
    messages: count,
    reaction: words,
    state: { enum: ['received', 'claimed', 'attached', 'answered', 'refused', 'failed', 'dropped'] },
    reason: words,
    toast: { enum: ['info', 'success', 'error', 'warning'] },
    errorCode: { type: 'integer' },
    runs: count,
    conversations: count,
    violations: { const: 'none' },
    withinSeconds
  })
}

const verbs: Record<string, Schema> = {
  say: closed({ ...spoken, text: words }, ['by', 'to', 'text']),
  send: closed({ ...spoken, file: words, content: { type: 'string' } }, ['by', 'to', 'file']),
  press: closed({ by: words, answerTo: words, button: words, form: { type: 'object' }, id: words, withinSeconds }, [
    'by',
    'answerTo',
    'button'
  ]),
  react: closed({ by: words, message: words, answerTo: words, emoji: words, withinSeconds }, ['by', 'emoji']),
  recall: closed({ message: words }, ['message']),
  fault,
  clearFaults: closed({}),
  redeliver: closed(
    { message: words, times: { type: 'integer', minimum: 1 }, together: flag, newEventId: flag, transport },
    ['message']
  ),
  restart: closed({ kill: flag }),
  advance: closed({ seconds: { type: 'number', exclusiveMinimum: 0 } }, ['seconds']),
  expect: expectation
}

const step: Schema = { ...closed(verbs), minProperties: 1, maxProperties: 1 }

/** What a scenario may contain; names that refer to something are checked by references.ts. */
export const scenarioSchema: Schema = {
  ...closed(
    {
      about: words,
      people: { ...names, minItems: 1 },
      bots: { type: 'array', items: bot, minItems: 1 },
      groups: { type: 'array', items: group },
      steps: { type: 'array', items: step, minItems: 1 }
    },
    ['people', 'bots', 'steps']
  ),
  $defs: { script: scriptSchema }
}
