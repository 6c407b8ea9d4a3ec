import { isObject, JsonObject, objectOf, objectsOf, PluginError, textOf } from '../shared'
import { HandoffMessage } from './handoff-message'

/** What one callback says, reduced to what this plugin reads (host-contract §4.4). */
export type RunSignal =
  | { type: 'conversation_start'; conversationId: string }
  | { type: 'message_start'; executionId?: string; aiMessageId?: string }
  | { type: 'text'; streamId: string; text: string }
  | { type: 'tool'; id: string; title: string; status: 'running' | 'success' | 'fail' }
  | { type: 'message_end'; aiMessageId?: string; executionId?: string; content: string | null }
  | { type: 'conversation_end'; status: string; operation: JsonObject | null; error?: string }
  | { type: 'complete' }
  | { type: 'error'; message: string }
  | { type: 'other' }

export interface RunCallback {
  /** The dispatch's id. */
  attempt: string
  sequence: number
  /** Epoch milliseconds at which the host queued this event. */
  enqueuedAt: number
  executionId?: string
  context: Record<string, unknown>
  signal: RunSignal
}

/** Between two texts of one answer that a tool call separates. */
export const PART_SEPARATOR = '\n\n'

export class RunCallbackInvalidError extends PluginError<'run_callback_invalid'> {
  constructor(field: string) {
    super('run_callback_invalid', `A run callback without a usable ${field}`)
  }
}

/** What the sequence's column holds. */
const MAX_SEQUENCE = 2_147_483_647

const wholeNumber = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined

/** Parses a callback message once, at the door. Throws `RunCallbackInvalidError`; unknown events become `other`. */
export const parseRunCallback = (message: HandoffMessage): RunCallback => {
  const payload = message.payload
  if (!isObject(payload)) throw new RunCallbackInvalidError('payload')
  const attempt = textOf(payload['sourceMessageId'])
  if (!attempt) throw new RunCallbackInvalidError('sourceMessageId')
  const sequence = wholeNumber(payload['sequence'])
  if (!sequence || sequence > MAX_SEQUENCE) throw new RunCallbackInvalidError('sequence')
  const { signal, executionId } = signalOf(payload)
  return {
    attempt,
    sequence,
    enqueuedAt: wholeNumber(message.enqueuedAt) ?? 0,
    executionId,
    context: objectOf(payload['context']),
    signal
  }
}

const signalOf = (payload: JsonObject): { signal: RunSignal; executionId?: string } => {
  if (payload['kind'] === 'complete') return { signal: { type: 'complete' } }
  if (payload['kind'] === 'error') return { signal: { type: 'error', message: textOf(payload['error']) ?? 'unknown' } }
  const envelope = objectOf(payload['event'])['data']
  if (!isObject(envelope)) return { signal: { type: 'other' } }
  const data = envelope['data']
  if (envelope['type'] === 'message') return { signal: messagePart(data), executionId: executionOf(data) }
  const signal = lifeCycle(envelope['event'], objectOf(data))
  return { signal, executionId: 'executionId' in signal ? signal.executionId : undefined }
}

const executionOf = (data: unknown): string | undefined => textOf(objectOf(data)['executionId'])

const messagePart = (data: unknown): RunSignal => {
  if (typeof data === 'string') return { type: 'text', streamId: '', text: data }
  if (!isObject(data)) return { type: 'other' }
  if (data['type'] === 'text' && typeof data['text'] === 'string') {
    return { type: 'text', streamId: textOf(data['id']) ?? '', text: data['text'] }
  }
  const file = fileOf(data)
  if (file) return { type: 'text', streamId: textOf(data['id']) ?? file, text: file }
  if (data['type'] === 'component' && isObject(data['data'])) return toolOf(data['id'], data['data'])
  return { type: 'other' }
}

/** An address as Markdown takes it: brackets and blanks would end it. Data has none; in lines they only separate. */
const linkTarget = (address: string): string => {
  const whole = address.startsWith('data:') ? address.replace(/\s/g, '') : address
  return whole.replace(/[\s()<>]/g, (one) => encodeURIComponent(one).replace('(', '%28').replace(')', '%29'))
}

/** Half a character is in no path, and `encodeURI` throws at it. */
const workspaceTarget = (path: string): string =>
  `/workspace/${encodeURI(path.replace(/^\/(workspace\/)?/, '').toWellFormed())}`

/** A part that is an image or a file, as Markdown: one form for all that answers refer to. */
const fileOf = (part: JsonObject): string | undefined => {
  const type = part['type']
  if (type !== 'image_url' && type !== 'image' && type !== 'file') return undefined
  const image = isObject(part['image_url']) ? part['image_url']['url'] : part['image_url']
  const path = textOf(part['workspacePath']) ?? textOf(part['filePath'])
  const inWorkspace = path === undefined ? undefined : workspaceTarget(path)
  const target = inWorkspace ?? textOf(image) ?? textOf(part['fileUrl']) ?? textOf(part['url'])
  if (target === undefined) return undefined
  const name = (textOf(part['originalName']) ?? textOf(part['name']) ?? '').replace(/[[\]\r\n]/g, ' ')
  return `${type === 'file' ? '' : '!'}[${name}](${linkTarget(target)})`
}

const toolOf = (id: unknown, data: JsonObject): RunSignal => {
  const status = data['status'] === 'success' || data['status'] === 'fail' ? data['status'] : 'running'
  const title = textOf(data['title']) ?? textOf(data['tool']) ?? 'tool'
  return { type: 'tool', id: textOf(id) ?? title, title, status }
}

const lifeCycle = (event: unknown, data: JsonObject): RunSignal => {
  const ids = { aiMessageId: textOf(data['id']), executionId: textOf(data['executionId']) }
  switch (event) {
    case 'on_conversation_start': {
      const conversationId = textOf(data['id'])
      return conversationId ? { type: 'conversation_start', conversationId } : { type: 'other' }
    }
    case 'on_message_start':
      return { type: 'message_start', ...ids }
    case 'on_message_end':
      return { type: 'message_end', ...ids, content: contentOf(data['content']) }
    case 'on_conversation_end':
      return {
        type: 'conversation_end',
        status: textOf(data['status']) ?? 'idle',
        operation: isObject(data['operation']) ? data['operation'] : null,
        error: textOf(data['error'])
      }
    default:
      return { type: 'other' }
  }
}

/** The whole message: a string, or parts of which only the texts are for a person. */
const contentOf = (content: unknown): string | null => {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return null
  return objectsOf(content)
    .flatMap((part) =>
      part['type'] === 'text' && typeof part['text'] === 'string' ? part['text'] : (fileOf(part) ?? [])
    )
    .join(PART_SEPARATOR)
}
