import { Injectable } from '@nestjs/common'
import { languageOf, say, TextKey } from '../i18n'
import { ClaimedEvent } from '../inbox'
import { Notices } from '../reply'
import { IntegrationReader, LarkIntegration } from '../settings'

/** Sentences to the sender of an event. */
@Injectable()
export class EventNotices {
  constructor(
    private readonly notices: Notices,
    private readonly integrations: IntegrationReader
  ) {}

  /** The event was given up. */
  async lastWord(event: ClaimedEvent): Promise<void> {
    const integration = await this.integrations.find(event.integrationId)
    if (integration) await this.tell(event, integration, 'notAnswered')
  }

  async tell(event: ClaimedEvent, integration: LarkIntegration, key: TextKey): Promise<void> {
    if (!event.messageId || !event.chatId) return
    const text = say(key, languageOf(integration.settings.preferLanguage))
    const origin = { id: event.id, integrationId: integration.id, chatId: event.chatId, messageId: event.messageId }
    await this.notices.reply(integration.settings, origin, text)
  }
}
