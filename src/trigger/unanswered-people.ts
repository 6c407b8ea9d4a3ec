import { Injectable } from '@nestjs/common'
import { ClaimedEvent } from '../inbox'
import { MessageEvent } from '../lark'
import { IntegrationReader, LarkIntegration } from '../settings'
import { Clock } from '../shared'
import { ComeBack, EventNotices } from './event-notices'
import { Senders } from './senders'

/** Lark delivers again for hours: by then a person has asked elsewhere. */
const FRESH_MS = 2 * 60_000

/** A direct message that nobody answers is not left without a word. A message of a group may be for somebody else. */
@Injectable()
export class UnansweredPeople {
  constructor(
    private readonly integrations: IntegrationReader,
    private readonly senders: Senders,
    private readonly notices: EventNotices,
    private readonly clock: Clock
  ) {}

  /** No expert is published on the event's integration. */
  async unpublished(event: ClaimedEvent, message: MessageEvent): Promise<ComeBack | null> {
    const integration = await this.integrations.find(event.integrationId)
    if (!integration) return null
    this.senders.saw({ integration, message, bot: null })
    return this.tell(event, message, integration)
  }

  async tell(event: ClaimedEvent, message: MessageEvent, integration: LarkIntegration): Promise<ComeBack | null> {
    if (message.chatType !== 'p2p' || message.sender.type !== 'user') return null
    const age = this.clock.now().getTime() - message.createTime.getTime()
    return age > FRESH_MS ? null : this.notices.tell(event, integration, 'nobodyAnswers')
  }
}
