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

export type ProcessResult =
  | { status: 'ok'; outbound?: HandoffMessage[] }
  | { status: 'retry'; delayMs: number; reason?: string }
  | { status: 'dead'; reason: string }

/** What the host calls for messages of the type that a processor is decorated with. */
export interface HandoffProcessor {
  process(message: HandoffMessage, context: { runId: string; abortSignal: AbortSignal }): Promise<ProcessResult>
}
