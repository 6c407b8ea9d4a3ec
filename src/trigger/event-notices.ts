import { Injectable } from '@nestjs/common'
import { Identities } from '../directory'
import { languageFrom, say, TextKey } from '../i18n'
import { ClaimedEvent, HandlingResult } from '../inbox'
import { appKeyOf, LarkApiError } from '../lark'
import { isRepeatable, Notices } from '../reply'
import { IntegrationReader, LarkIntegration } from '../settings'
import { Log } from '../shared'
import { NoticePlaces } from './notice-places'

export type ComeBack = Extract<HandlingResult, { state: 'received' }>

/** Sentences to the sender of an event. */
@Injectable()
export class EventNotices {
  private readonly log = new Log('trigger')
  private readonly places = new NoticePlaces()

  constructor(
    private readonly notices: Notices,
    private readonly integrations: IntegrationReader,
    private readonly identities: Identities
  ) {}

  /** The last word about a message that nobody could handle. Never throws, and is said once or not at all. */
  async apologise(event: ClaimedEvent, key: TextKey = 'notAnswered'): Promise<void> {
    try {
      const found = await this.integrations.lookUp(event.integrationId)
      if (typeof found !== 'string' && (await this.send(event, found.integration, key, 'reply')) === null) return
      this.log.warn('a person was not told that a message was not answered', { event: event.id, notice: key })
    } catch (error) {
      this.log.error('a person could not be told that a message was not answered', { event: event.id }, error)
    }
  }

  /**
   * Null when the person was told, or can not be told because Lark refuses it. Else the message is to come back for it. Throws
   * while Lark's answer leaves it open: a further attempt is the same notice.
   */
  async tell(event: ClaimedEvent, integration: LarkIntegration, key: TextKey): Promise<ComeBack | null> {
    return this.send(event, integration, key, 'replyNow')
  }

  private async send(
    event: ClaimedEvent,
    integration: LarkIntegration,
    key: TextKey,
    how: 'reply' | 'replyNow'
  ): Promise<ComeBack | null> {
    if (!event.messageId || !event.chatId) return null
    const sender = event.senderId ? await this.identities.of(integration.id, event.senderId) : undefined
    const text = say(key, languageFrom(integration.settings.preferLanguage, sender?.language))
    const origin = { id: event.id, integrationId: integration.id, chatId: event.chatId, messageId: event.messageId }
    const retryInSeconds = await this.places.run(appKeyOf(integration.settings), async () => {
      try {
        await this.notices[how](integration.settings, origin, text)
      } catch (error) {
        if (isRepeatable(error) || !(error instanceof LarkApiError)) throw error
        this.log.warn('a person can not be told about a message', { event: event.id, notice: key }, error)
      }
    })
    return retryInSeconds === null ? null : { state: 'received', retryInSeconds }
  }
}
