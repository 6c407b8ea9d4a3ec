import type { ExpertScript } from '../../xpert-host/client'

type Kind = ExpertScript['kind']
type Keys<K extends Kind> = Exclude<keyof Extract<ExpertScript, { kind: K }>, 'kind'>
type Schema = Record<string, unknown>

const text: Schema = { type: 'string' }
const pause: Schema = { type: 'number', minimum: 0 }

/** The compiler holds the properties to those of the host's script. */
const kind = <K extends Kind>(name: K, properties: Record<Keys<K>, Schema>, required: Keys<K>[]): Schema => ({
  type: 'object',
  properties: { kind: { const: name }, ...properties },
  required: ['kind', ...required],
  additionalProperties: false
})

const tool: Schema = {
  type: 'object',
  properties: { name: text, silentMs: pause },
  required: ['name'],
  additionalProperties: false
}

const stream = kind(
  'stream',
  { text, deltas: { type: 'integer', minimum: 1 }, everyMs: pause, silentMs: pause, tool, reasoning: text },
  ['text']
)
const interrupt = kind(
  'interrupt',
  {
    tool: text,
    args: { type: 'object' },
    shape: { enum: ['middleware', 'tool'] },
    allowedDecisions: { type: 'array', items: text },
    beforeText: text,
    approvedText: text,
    everyMs: pause,
    rejectedText: text
  },
  ['tool', 'args', 'approvedText', 'rejectedText']
)
const sequence = kind('sequence', { steps: { type: 'array', items: { $ref: '#/$defs/script' }, minItems: 1 } }, [
  'steps'
])

/** The host's ExpertScript. */
export const scriptSchema: Schema = {
  type: 'object',
  required: ['kind'],
  discriminator: { propertyName: 'kind' },
  oneOf: [
    stream,
    interrupt,
    kind('fail', { message: text, afterText: text }, ['message']),
    kind('never', {}, []),
    sequence,
    kind('llm', { baseUrl: text, apiKey: text, model: text, systemPrompt: text }, ['baseUrl', 'apiKey', 'model'])
  ]
}
