import { Injectable } from '@nestjs/common'
import { CardClicks } from '../conversation'
import { ClaimedEvent, HandlingResult, InboxRepository } from '../inbox'
import { parseCardAction, unlessInvalid } from '../lark'
import { IntegrationReader } from '../settings'
import { Clock } from '../shared'

const AGAIN_SECONDS = 1

/** The question is stored as soon as Lark has confirmed its card: after this long others do not wait for that. */
const PATIENCE_MS = 15_000

/** Work on one click: the person was told at once, here it is done. */
@Injectable()
export class ClickHandler {
  constructor(
    private readonly clicks: CardClicks,
    private readonly integrations: IntegrationReader,
    private readonly inbox: InboxRepository,
    private readonly clock: Clock
  ) {}

  /** Throws `IntegrationUnavailableError` while nobody can say what became of an integration. */
  async handle(event: ClaimedEvent): Promise<HandlingResult> {
    const action = unlessInvalid(() => parseCardAction(event.payload))
    if (!action) return { state: 'refused', reason: 'malformed_event' }
    const receiver = await this.integrations.read(event.integrationId)
    if (receiver === 'unknown') return { state: 'refused', reason: 'integration_removed' }
    if (receiver === 'unusable') return { state: 'refused', reason: 'integration_unusable' }
    const result = await this.clicks.handle(action, receiver.integration, {
      attach: (manager, turnId) => this.inbox.attach(manager, event, turnId),
      hold: (manager) => this.inbox.hold(manager, event)
    })
    if (result.done === 'soon') return this.again(event)
    if (result.done === 'attached') return { state: 'attached' }
    return { state: result.done, reason: result.reason }
  }

  private async again(event: ClaimedEvent): Promise<HandlingResult> {
    if (this.clock.now().getTime() - event.receivedAt.getTime() > PATIENCE_MS) await this.inbox.leaveLane(event)
    return { state: 'received', retryInSeconds: AGAIN_SECONDS }
  }
}
