import { DataSource } from 'typeorm'
import { InstanceIdentity, InstanceRegistry } from '../../src/cluster'
import { Inbox, NewInboundEvent } from '../../src/inbox'
import { CardAction, CardActionResponder, CardResponse } from '../../src/lark'
import { IntegrationReader } from '../../src/settings'
import { Clock } from '../../src/shared'
import { WebhookActivity } from '../../src/webhook'
import { AddressedIntegration } from '../../src/webhook/addressed-integration'
import { WebhookIntake } from '../../src/webhook/webhook-intake'

export class TestClock extends Clock {
  constructor(public at = new Date('2026-03-01T12:00:00Z')) {
    super()
  }

  now(): Date {
    return this.at
  }

  advance(ms: number): void {
    this.at = new Date(this.at.getTime() + ms)
  }
}

export class MemoryInbox extends Inbox {
  readonly events: NewInboundEvent[] = []
  failure: Error | undefined

  async accept(event: NewInboundEvent): Promise<'accepted' | 'duplicate'> {
    if (this.failure) throw this.failure
    this.events.push(event)
    return 'accepted'
  }
}

export class TestResponder extends CardActionResponder {
  readonly actions: CardAction[] = []
  storedBefore: number | undefined

  constructor(private readonly inbox: MemoryInbox) {
    super()
  }

  async respond(action: CardAction): Promise<CardResponse> {
    this.storedBefore = this.inbox.events.length
    this.actions.push(action)
    return { toast: { type: 'info', content: 'heard' } }
  }
}

/** A process that is alone: its registry has nothing to read and nowhere to write. */
export const aloneInstance = (): InstanceRegistry => {
  const empty: Pick<DataSource, 'query'> = { query: async <T>() => [] as T }
  return new InstanceRegistry(empty as DataSource, new InstanceIdentity())
}

/** The webhook's own classes over fakes of everything else. */
export const webhookOver = (reader: IntegrationReader, inbox = new MemoryInbox(), clock = new TestClock()) => {
  const activity = new WebhookActivity(aloneInstance(), clock)
  const addressed = new AddressedIntegration(reader, activity)
  const responder = new TestResponder(inbox)
  const intake = new WebhookIntake(addressed, inbox, responder, activity, clock)
  return { activity, addressed, responder, intake, inbox, clock }
}
