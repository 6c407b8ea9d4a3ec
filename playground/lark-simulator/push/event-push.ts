import type { DeliveryFault, Transport } from '../contract'
import type { Faults } from '../state/faults'
import type { App } from '../state/model'
import type { OpenPush, Traffic } from '../state/traffic'
import { wait } from '../state/wait'
import type { LongConnections, SendOptions } from './long-connection'
import type { PushEvent } from './push-event'
import { delayAfterAttempt } from './retry-ladder'
import type { PushOutcome, WebhookPush } from './webhook-push'

interface Attempt {
  app: App
  event: PushEvent
  transport: Transport
  attempt: number
}

/** Gets events to apps: at least once, in no promised order, with the platform's ladder of retries. */
export class EventPush {
  /** Pushes that a `reorder` fault holds back, by app. */
  private readonly held = new Map<string, (() => void)[]>()
  /** The last event per app and message, for redelivery. */
  private readonly sent = new Map<string, PushEvent>()
  private readonly waiting = new Map<OpenPush, () => void>()

  constructor(
    private readonly webhook: WebhookPush,
    private readonly sockets: LongConnections,
    private readonly faults: Faults,
    private readonly traffic: Traffic
  ) {}

  /** Starts pushing; the promise ends with the first attempt. */
  enqueue(app: App, event: PushEvent, transport: Transport = app.transport): Promise<void> {
    if (event.messageId && event.eventType === 'im.message.receive_v1')
      this.sent.set(`${app.appId} ${event.messageId}`, event)
    return new Promise((firstAttemptEnded) => {
      void this.traffic.whileOpen(app.appId, (open) =>
        this.climb({ app, event, transport, attempt: 1 }, open, firstAttemptEnded)
      )
    })
  }

  lastEvent(appId: string, messageId: string): PushEvent | undefined {
    return this.sent.get(`${appId} ${messageId}`)
  }

  /** One attempt only; what it answered goes to the person who clicked. */
  callback(app: App, event: PushEvent): Promise<PushOutcome> {
    return this.traffic.whileOpen(app.appId, () => this.attempt({ app, event, transport: app.transport, attempt: 1 }))
  }

  /** Forgets retries whose time has not come, of one app or of all. */
  cancelRetries(appId?: string): number {
    const waiting = [...this.waiting].filter(([push]) => appId === undefined || push.appId === appId)
    for (const [push, cancel] of waiting) {
      this.waiting.delete(push)
      cancel()
    }
    return waiting.length
  }

  private async climb(start: Attempt, open: OpenPush, firstAttemptEnded: () => void): Promise<void> {
    let attempt = start.attempt
    let outcome = await this.attempt(start)
    firstAttemptEnded()
    for (
      let delay = delayAfterAttempt(attempt);
      !outcome.ok && delay !== undefined;
      delay = delayAfterAttempt(attempt)
    ) {
      const due = delay
      const cancelled = new Promise<void>((cancel) => this.waiting.set(open, cancel))
      await this.traffic.whileWaiting(open, () => Promise.race([wait(due), cancelled]))
      if (!this.waiting.delete(open)) return
      attempt += 1
      // The app may have moved to another transport meanwhile.
      outcome = await this.attempt({ ...start, transport: start.app.transport, attempt })
    }
  }

  private async attempt(input: Attempt): Promise<PushOutcome> {
    const fault = this.faults.take('delivery', { appId: input.app.appId, eventType: input.event.eventType })
    // Where one is held already, this is the next one that it waits for.
    const isHeld = fault?.reorder === true && !this.held.has(input.app.appId)
    if (isHeld) await this.hold(input.app.appId)
    if (fault?.delayMs) await wait(fault.delayMs)
    const copies = Array.from({ length: fault?.duplicate ?? 0 }, () => this.send(input, fault))
    const outcome = await this.send(input, fault)
    await Promise.all(copies)
    if (!isHeld) this.release(input.app.appId)
    return outcome
  }

  private async send(input: Attempt, fault: DeliveryFault | undefined): Promise<PushOutcome> {
    const { app, event, transport, attempt } = input
    const delivery = this.traffic.beginDelivery({
      appId: app.appId,
      transport,
      eventId: event.eventId,
      eventType: event.eventType,
      messageId: event.messageId,
      attempt,
      at: Date.now(),
      ok: false
    })
    const answered = await this.transmit(app, event, transport, fault)
    const outcome: PushOutcome = fault?.dropAck ? { ...answered, ok: false, error: 'ack_dropped' } : answered
    this.traffic.endDelivery(delivery, outcome)
    return outcome
  }

  private transmit(app: App, event: PushEvent, transport: Transport, options: SendOptions = {}): Promise<PushOutcome> {
    const isCallback = event.eventType === 'card.action.trigger'
    if (transport === 'long_connection') {
      const frameType = isCallback ? app.cardFrameType : 'event'
      return this.sockets.send(app.appId, event.envelope, { ...options, frameType })
    }
    return this.webhook.send(app, isCallback ? (app.cardCallbackUrl ?? app.webhookUrl) : app.webhookUrl, event.envelope)
  }

  private hold(appId: string): Promise<void> {
    return new Promise((resolve) => this.held.set(appId, [...(this.held.get(appId) ?? []), resolve]))
  }

  private release(appId: string): void {
    const waiting = this.held.get(appId) ?? []
    this.held.delete(appId)
    for (const resume of waiting) resume()
  }
}
