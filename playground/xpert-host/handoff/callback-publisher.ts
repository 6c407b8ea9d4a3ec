import { Injectable } from '@nestjs/common'
import { DeliveryChaos, type ChaosOptions } from './delivery-chaos'
import type { HandoffHeaders, HandoffMessage } from './handoff-message'
import { HandoffSettings } from './handoff-options'
import { Outbox } from './outbox'

export interface CallbackTarget {
  messageType: string
  headers?: HandoffHeaders
  context?: unknown
}

/** `{ data: { type, event?, data } }` of host-contract §4.4. */
export interface StreamEvent {
  data: { type: 'message' | 'event'; event?: string; data: unknown }
}

/** What a callback without `maxAttempts` of its source gets (host-contract §3.5). */
const DEFAULT_MAX_ATTEMPTS = 3

/** Turns the events of one run into queue messages, one each (host-contract §4.3). */
export class CallbackPublisher {
  private sequence = 0
  private readonly chaos: DeliveryChaos
  private readonly pending = new Set<Promise<void>>()
  private failure?: unknown

  constructor(
    private readonly outbox: Outbox,
    private readonly source: HandoffMessage,
    private readonly target: CallbackTarget,
    options: ChaosOptions
  ) {
    this.chaos = new DeliveryChaos(options, (message, delayMs) => this.store(message, delayMs))
  }

  /** Does not wait for the queue; `settled` does. Throws when an earlier message could not be stored. */
  stream(event: StreamEvent): void {
    if (this.failure) throw this.failure
    this.post((sequence) => ({
      kind: 'stream',
      sourceMessageId: this.source.id,
      event,
      context: this.context,
      sequence
    }))
  }

  complete(): Promise<void> {
    this.post((sequence) => ({ kind: 'complete', sourceMessageId: this.source.id, context: this.context, sequence }))
    return this.end()
  }

  error(error: string, errorCode?: string): Promise<void> {
    this.post((sequence) => ({
      kind: 'error',
      sourceMessageId: this.source.id,
      sequence,
      error,
      ...(errorCode ? { errorCode } : {}),
      context: this.context
    }))
    return this.end()
  }

  /** Everything said so far is stored; for a run that ends without a last word too. */
  async end(): Promise<void> {
    this.chaos.end()
    await Promise.allSettled([...this.pending])
    if (this.failure) throw this.failure
  }

  private get context(): unknown {
    return this.target.context
  }

  private post(payload: (sequence: number) => Record<string, unknown>): void {
    this.sequence += 1
    const { tenantId, sessionKey, businessKey, traceId, id, maxAttempts, headers } = this.source
    this.chaos.post({
      id: `${id}:callback:${this.sequence}`,
      type: this.target.messageType,
      version: 1,
      tenantId,
      sessionKey,
      businessKey,
      attempt: 1,
      maxAttempts: maxAttempts ?? DEFAULT_MAX_ATTEMPTS,
      enqueuedAt: Date.now(),
      traceId,
      parentMessageId: id,
      payload: payload(this.sequence),
      headers: { ...headers, ...this.target.headers }
    })
  }

  private store(message: HandoffMessage, delayMs?: number): void {
    const stored = this.outbox.put(message, { delayMs }).catch((error) => {
      this.failure ??= error
    })
    this.pending.add(stored)
    void stored.finally(() => this.pending.delete(stored))
  }
}

/** Makes the publisher of each run, with this instance's disorder and repeats. */
@Injectable()
export class CallbackPublishers {
  constructor(
    private readonly outbox: Outbox,
    private readonly settings: HandoffSettings
  ) {}

  open(source: HandoffMessage, target: CallbackTarget): CallbackPublisher {
    const { callbackDisorder: disorder, callbackRepeat: repeat } = this.settings
    return new CallbackPublisher(this.outbox, source, target, { disorder, repeat })
  }
}
