import { Injectable } from '@nestjs/common'
import { Identities } from '../directory'
import { languageFrom, say, TextKey } from '../i18n'
import { ClaimedEvent } from '../inbox'
import { Notices } from '../reply'
import { IntegrationReader, LarkIntegration } from '../settings'
import { Log } from '../shared'

/** Sentences to the sender of an event. */
@Injectable()
export class EventNotices {
  private readonly log = new Log('trigger')

  constructor(
    private readonly notices: Notices,
    private readonly integrations: IntegrationReader,
    private readonly identities: Identities
  ) {}

  /** The last word about a message that nobody could handle. Never throws. */
  async apologise(event: ClaimedEvent): Promise<void> {
    try {
      const integration = await this.integrations.find(event.integrationId)
      if (integration) await this.tell(event, integration, 'notAnswered')
    } catch (error) {
      this.log.error('a person could not be told that a message was not answered', { event: event.id }, error)
    }
  }

  async tell(event: ClaimedEvent, integration: LarkIntegration, key: TextKey): Promise<void> {
    if (!event.messageId || !event.chatId) return
    const sender = event.senderId ? await this.identities.of(integration.id, event.senderId) : undefined
    const text = say(key, languageFrom(integration.settings.preferLanguage, sender?.language))
    const origin = { id: event.id, integrationId: integration.id, chatId: event.chatId, messageId: event.messageId }
    await this.notices.reply(integration.settings, origin, text)
  }
}
