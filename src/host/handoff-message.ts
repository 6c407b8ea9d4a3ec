/** A message on the host's handoff queue (host-contract §4.1). */
export interface HandoffMessage<Payload = unknown> {
  id: string
  type: string
  version: number
  tenantId: string
  sessionKey: string
  businessKey: string
  attempt: number
  maxAttempts: number
  /** Epoch milliseconds. */
  enqueuedAt: number
  traceId: string
  parentMessageId?: string
  payload: Payload
  headers?: Record<string, string>
}

/** Of a dispatch its callbacks inherit it, so it is what lets our processor answer `retry` (host-contract §4.3). */
const MAX_ATTEMPTS = 5

export interface NewHandoffMessage<Payload> {
  id: string
  type: string
  tenantId: string
  organizationId: string | null
  /** What the message belongs to: a conversation, an attempt, or itself. */
  key: string
  /** The message itself where it is not said. */
  traceId?: string
  queue: string
  payload: Payload
  headers?: Record<string, string>
}

export const handoffMessage = <Payload>(message: NewHandoffMessage<Payload>, now: Date): HandoffMessage<Payload> => ({
  id: message.id,
  type: message.type,
  version: 1,
  tenantId: message.tenantId,
  sessionKey: message.key,
  businessKey: message.key,
  attempt: 1,
  maxAttempts: MAX_ATTEMPTS,
  enqueuedAt: now.getTime(),
  traceId: message.traceId ?? message.id,
  payload: message.payload,
  headers: {
    ...(message.organizationId ? { organizationId: message.organizationId } : {}),
    source: 'lark',
    handoffQueue: message.queue,
    ...message.headers
  }
})

export type ProcessResult =
  | { status: 'ok'; outbound?: HandoffMessage[] }
  | { status: 'retry'; delayMs: number; reason?: string }
  | { status: 'dead'; reason: string }

/** What the host calls for messages of the type that a processor is decorated with. */
export interface HandoffProcessor {
  process(message: HandoffMessage, context: { runId: string; abortSignal: AbortSignal }): Promise<ProcessResult>
}
