import type { HandoffHeaders } from './handoff-message'

/** host-observed 19. */
const DEFAULT_IDLE_MS = 120_000

/** Why a message's processing was told to stop. */
export class PolicyAbort extends Error {
  override readonly name = 'PolicyAbort'
}

/** The instance is going down: whatever runs is lost without a last word (host-observed 34). */
export class ShutdownAbort extends Error {
  override readonly name = 'ShutdownAbort'
  constructor() {
    super('Connection is closed')
  }
}

const positive = (header: string | undefined): number | undefined => {
  const value = Number(header)
  return header !== undefined && Number.isFinite(value) && value > 0 ? value : undefined
}

/** Aborts a message's processing when it is silent for too long or takes too long; milliseconds of the host's clock. */
export class RunPolicy {
  readonly controller = new AbortController()
  private readonly idleMs: number
  private idle?: NodeJS.Timeout
  private readonly whole?: NodeJS.Timeout

  constructor(headers: HandoffHeaders = {}) {
    this.idleMs = positive(headers.policyIdleTimeoutMs) ?? DEFAULT_IDLE_MS
    const wholeMs = positive(headers.policyTimeoutMs)
    if (wholeMs) this.whole = setTimeout(() => this.abort(new PolicyAbort(`Run timed out after ${wholeMs}ms`)), wholeMs)
    this.heartbeat()
  }

  get signal(): AbortSignal {
    return this.controller.signal
  }

  heartbeat(): void {
    if (this.signal.aborted) return
    clearTimeout(this.idle)
    this.idle = setTimeout(() => this.abort(new PolicyAbort(`Run idle for ${this.idleMs}ms`)), this.idleMs)
  }

  abort(reason: Error): void {
    this.end()
    this.controller.abort(reason)
  }

  end(): void {
    clearTimeout(this.idle)
    clearTimeout(this.whole)
  }
}

/** Rejects with the abort's reason; never resolves. Detach it when the race is over, a signal may live long. */
export function whenAborted(signal: AbortSignal): { promise: Promise<never>; detach(): void } {
  let listener: () => void = () => undefined
  const promise = new Promise<never>((_resolve, reject) => {
    listener = () => reject(signal.reason)
    if (signal.aborted) listener()
    else signal.addEventListener('abort', listener, { once: true })
  })
  promise.catch(() => undefined)
  return { promise, detach: () => signal.removeEventListener('abort', listener) }
}
