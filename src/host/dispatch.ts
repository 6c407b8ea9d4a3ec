import { HandoffMessage, handoffMessage } from './handoff-message'
import { RunFile } from './host-files'

const DISPATCH_TYPE = 'agent.chat_dispatch.v1'

/** A dispatch holds one of its queue's slots for the whole answer; callbacks on the same queue would starve (host-observed 31). */
const RUN_QUEUE = 'realtime'
const CALLBACK_QUEUE = 'integration'

const MAX_RUN_MS = 6 * 60 * 60 * 1000

/** A run that waits for a person goes on: same conversation, same execution (host-observed 42). */
export interface ResumeRequest {
  conversationId: string
  target: { aiMessageId?: string; executionId?: string }
  decision: { type: 'confirm' | 'reject'; payload?: unknown }
}

/** What both kinds of dispatch need. */
export interface DispatchInput {
  /** The attempt's token: the id of the run and of its callbacks. */
  attempt: string
  /** An own execution id lets a run be cancelled before its first event (host-observed 41). */
  executionId: string
  tenantId: string
  organizationId: string | null
  xpertId: string
  language?: string
  idleTimeoutSeconds: number
  /** Shown as the conversation's end user; a label, never an identity. */
  endUser: string
  audit: { integrationId: string; chatId: string; chatType: string; senderId: string; threadId?: string }
  callback: { messageType: string; context: Record<string, string> }
}

export interface SendInput extends DispatchInput {
  conversationId: string | null
  text: string
  files?: readonly RunFile[]
}

export interface ResumeInput extends DispatchInput {
  resume: ResumeRequest
}

/** The message that lets a Digital Expert answer one turn. Runs as the expert's assistant principal, always (host-contract §4.2). */
export const sendMessage = (input: SendInput, now: Date): HandoffMessage => {
  const { conversationId } = input
  const request = {
    action: 'send',
    ...(conversationId ? { conversationId } : {}),
    message: {
      clientMessageId: input.attempt,
      input: { input: input.text, ...(input.files?.length ? { files: input.files } : {}) }
    }
  }
  return dispatchMessage(input, request, conversationId ?? input.attempt, now)
}

/** The message that hands a person's decision to the run that waits for it. */
export const resumeMessage = (input: ResumeInput, now: Date): HandoffMessage =>
  dispatchMessage(input, { action: 'resume', ...input.resume }, input.resume.conversationId, now)

const dispatchMessage = (
  input: DispatchInput,
  request: Record<string, unknown>,
  key: string,
  now: Date
): HandoffMessage => {
  const { attempt: id, tenantId, organizationId } = input
  const language: Record<string, string> = input.language ? { language: input.language } : {}
  const payload = {
    executionId: input.executionId,
    request,
    options: { ...optionsOf(input), ...language },
    callback: {
      messageType: input.callback.messageType,
      headers: { handoffQueue: CALLBACK_QUEUE },
      context: input.callback.context
    }
  }
  const headers = {
    ...language,
    requestedLane: 'main',
    integrationId: input.audit.integrationId,
    policyIdleTimeoutMs: String(input.idleTimeoutSeconds * 1000),
    policyTimeoutMs: String(MAX_RUN_MS)
  }
  return handoffMessage(
    { id, type: DISPATCH_TYPE, tenantId, organizationId, key, queue: RUN_QUEUE, payload, headers },
    now
  )
}

const optionsOf = ({ xpertId, executionId, endUser, audit }: DispatchInput) => ({
  xpertId,
  from: 'lark',
  fromEndUserId: endUser,
  execution: { id: executionId },
  runtimePrincipal: { type: 'assistant', xpertId, sourceIntegrationId: audit.integrationId },
  sourceIntegrationId: audit.integrationId,
  channelType: 'lark',
  channelSource: 'lark',
  channelUserId: endUser,
  ...audit
})
