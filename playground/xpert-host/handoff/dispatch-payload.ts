import type { CallbackTarget } from './callback-publisher'
import type { HandoffMessage } from './handoff-message'

type Fields = Record<string, unknown>

export interface HumanInput extends Fields {
  input?: string
  files?: unknown[]
}

export interface SendRequest {
  action: 'send'
  conversationId?: string
  message: { clientMessageId?: string; input: HumanInput }
  state?: { human?: HumanInput } & Fields
}

export interface ResumeRequest {
  action: 'resume'
  conversationId: string
  target?: { aiMessageId?: string; executionId?: string }
  decision: { type: 'confirm' | 'reject'; payload?: unknown }
  patch?: { toolCalls?: { id?: string; name?: string; args?: Fields }[] }
}

export interface FollowUpRequest {
  action: 'follow_up'
  conversationId: string
  mode: 'queue' | 'steer'
  message: { clientMessageId?: string; input: HumanInput }
  target?: { aiMessageId?: string; executionId?: string }
}

export interface RetryRequest {
  action: 'retry'
  conversationId: string
  source?: { aiMessageId?: string; executionId?: string }
}

export type ChatRequest = SendRequest | ResumeRequest | FollowUpRequest | RetryRequest

export interface DispatchOptions extends Fields {
  xpertId: string
  from?: string
  fromEndUserId?: string
  language?: string
  execution?: { id?: string }
  runtimePrincipal?: { type?: string }
}

export interface DispatchPayload {
  request: ChatRequest
  options: DispatchOptions
  callback: CallbackTarget
  executionId?: string
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** The payload, or why it is dead: an invalid one gets no callback at all (host-contract §4.3). */
export function parseDispatch(message: HandoffMessage): DispatchPayload | { invalid: string } {
  const payload: unknown = message.payload
  if (!isObject(payload) || !isObject(payload.request)) return { invalid: 'Missing request' }
  if (!isObject(payload.options) || !isText(payload.options.xpertId)) return { invalid: 'Missing options.xpertId' }
  if (!isObject(payload.callback) || !isText(payload.callback.messageType))
    return { invalid: 'Missing callback.messageType' }
  const fault = faultOf(payload.request)
  return fault ? { invalid: fault } : (payload as unknown as DispatchPayload)
}

function faultOf(request: Fields): string | undefined {
  const withInput = isObject(request.message) && isObject(request.message.input)
  const withConversation = isText(request.conversationId)
  switch (request.action) {
    case 'send':
      return withInput ? undefined : 'Missing message.input'
    case 'follow_up':
      if (!withInput) return 'Missing message.input'
      if (request.mode !== 'queue' && request.mode !== 'steer') return 'Unknown follow-up mode'
      return withConversation ? undefined : 'Missing conversationId'
    case 'resume':
      if (!isObject(request.decision)) return 'Missing decision'
      return withConversation ? undefined : 'Missing conversationId'
    case 'retry':
      return withConversation ? undefined : 'Missing conversationId'
    default:
      return `Unknown action '${String(request.action)}'`
  }
}
