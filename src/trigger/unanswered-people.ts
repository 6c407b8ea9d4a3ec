import { Injectable } from '@nestjs/common'
import { ClaimedEvent } from '../inbox'
import { BotIdentity, LarkApis, MessageEvent } from '../lark'
import { IntegrationReader, LarkIntegration } from '../settings'
import { Clock } from '../shared'
import { botSoon } from './bot-soon'
import { ComeBack, EventNotices } from './event-notices'
import { isSpokenTo } from './message-policy'
import { Senders } from './senders'

interface Heard {
  message: MessageEvent
  integration: LarkIntegration
  /** Needed for group messages only. */
  bot: BotIdentity | null
}

/** Lark delivers again for hours: by then a person has asked elsewhere. */
const FRESH_MS = 2 * 60_000

/** Who writes to the bot where nobody answers is not left without a word; a message of a group that does not mention it is for others. */
@Injectable()
export class UnansweredPeople {
  constructor(
    private readonly integrations: IntegrationReader,
    private readonly apis: LarkApis,
    private readonly senders: Senders,
    private readonly notices: EventNotices,
    private readonly clock: Clock
  ) {}

  /** No expert is published on the event's integration. Throws `IntegrationUnavailableError`. */
  async unpublished(event: ClaimedEvent, message: MessageEvent): Promise<ComeBack | null> {
    const found = await this.integrations.read(event.integrationId)
    if (typeof found === 'string') return null
    const { integration } = found
    const bot = message.chatType === 'group' ? await botSoon(this.apis, integration.settings) : null
    this.senders.saw({ integration, message, bot })
    return this.tell(event, { message, integration, bot })
  }

  async tell(event: ClaimedEvent, { message, integration, bot }: Heard): Promise<ComeBack | null> {
    if (message.sender.type !== 'user' || !isSpokenTo(message, bot)) return null
    const age = this.clock.now().getTime() - message.createTime.getTime()
    return age > FRESH_MS ? null : this.notices.tell(event, integration, 'nobodyAnswers')
  }
}
