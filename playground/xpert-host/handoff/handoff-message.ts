/**
 * The shapes that travel on the handoff queue (host-contract §3.5 and §4) and what a scripted Digital Expert
 * is told to do.
 */
export type HandoffHeaders = Record<string, string | undefined>

export interface HandoffMessage<P = Record<string, unknown>> {
  /** Also the run id, the `sourceMessageId` of callbacks and the base of callback ids. Never used to deduplicate. */
  id: string
  type: string
  version: number
  tenantId: string
  sessionKey: string
  businessKey: string
  attempt: number
  maxAttempts: number
  /** Epoch milliseconds of the process that enqueued. */
  enqueuedAt: number
  traceId: string
  parentMessageId?: string
  payload: P
  headers?: HandoffHeaders
}

export type ProcessResult =
  | { status: 'ok'; outbound?: HandoffMessage[] }
  | { status: 'retry'; delayMs: number; reason?: string }
  | { status: 'dead'; reason: string }

export interface ProcessContext {
  runId: string
  traceId: string
  abortSignal: AbortSignal
  /** Restarts the idle policy. */
  heartbeat(reason?: string): void
  getAbortReason(): string | undefined
  emit(event: unknown): void
}

export interface HandoffProcessor {
  process(message: HandoffMessage, ctx: ProcessContext): Promise<ProcessResult>
}

export interface EnqueueOptions {
  /** Milliseconds of the database's clock. */
  delayMs?: number
}

export interface EnqueueAndWaitOptions extends EnqueueOptions {
  /** Default 120 s. */
  timeoutMs?: number
  onEvent?: (event: unknown) => void
}

/** What a scripted expert does with each input; `{input}` in texts is the user's text, `{files}` what came with it, `{n}` the turn's number within the conversation. */
export type ExpertScript =
  | {
      kind: 'stream'
      text: string
      /** Pieces that the text is cut into; default one per word. */
      deltas?: number
      /** Pause between two pieces; default 0. */
      everyMs?: number
      /** Silence before the first piece. */
      silentMs?: number
      tool?: { name: string; silentMs?: number }
      reasoning?: string
    }
  | {
      kind: 'interrupt'
      tool: string
      args: Record<string, unknown>
      shape?: 'middleware' | 'tool'
      /** What the middleware takes; without it approve, edit and reject. */
      allowedDecisions?: string[]
      /** What the expert says before it asks. */
      beforeText?: string
      approvedText: string
      /** Pause between two pieces of it; default 0. */
      everyMs?: number
      rejectedText: string
    }
  | { kind: 'fail'; message: string; afterText?: string }
  | { kind: 'never' }
  | { kind: 'sequence'; steps: ExpertScript[] }
  | { kind: 'llm'; baseUrl: string; apiKey: string; model: string; systemPrompt?: string }

export interface ExpertRecord {
  id: string
  tenantId: string
  organizationId: string
  name: string
  /** The expert's technical user: who a run is when it is dispatched with the assistant principal. */
  userId: string
  script: ExpertScript
}
