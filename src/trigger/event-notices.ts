import { Injectable } from '@nestjs/common'
import { Identities } from '../directory'
import { languageFrom, say, TextKey } from '../i18n'
import { ClaimedEvent } from '../inbox'
import { Notices } from '../reply'
import { IntegrationReader, LarkIntegration } from '../settings'

/** Sentences to the sender of an event. */
@Injectable()
export class EventNotices {
  constructor(
    private readonly notices: Notices,
    private readonly integrations: IntegrationReader,
    private readonly identities: Identities
  ) {}

  /** The event was given up. */
  async lastWord(event: ClaimedEvent): Promise<void> {
    const integration = await this.integrations.find(event.integrationId)
    if (integration) await this.tell(event, integration, 'notAnswered')
  }

  async tell(event: ClaimedEvent, integration: LarkIntegration, key: TextKey): Promise<void> {
    if (!event.messageId || !event.chatId) return
    const sender = event.senderId ? await this.identities.of(integration.id, event.senderId) : undefined
    const text = say(key, languageFrom(integration.settings.preferLanguage, sender?.language))
    const origin = { id: event.id, integrationId: integration.id, chatId: event.chatId, messageId: event.messageId }
    await this.notices.reply(integration.settings, origin, text)
  }
}
