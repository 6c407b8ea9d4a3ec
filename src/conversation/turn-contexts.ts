import { Injectable } from '@nestjs/common'
import { Identities, UserRepository } from '../directory'
import { HostConversations } from '../host'
import { knownLanguage, Language, languageFrom, say } from '../i18n'
import { IntegrationReader, LarkIntegration } from '../settings'
import { AskedApprovers } from './answer-frame'
import { plainName } from './plain-name'
import { RunningTurn } from './turn-row'

/** What a turn is answered with, besides its own words. */
export interface TurnContext {
  /** Null where there is none to answer through. */
  integration: LarkIntegration | null
  /** It was removed, and not only made unusable. */
  isRemoved: boolean
  /** Of our own sentences: Preferred Language, else that of the sender's account, else English. */
  language: Language
  /** The same without a last resort: the host then takes its own. */
  chosenLanguage: Language | undefined
  /** The label of the conversation: the platform user where the sender is one, else Lark's id. */
  endUser: string
}

/** Names on a card. */
const MAX_NAMES = 3
const MAX_NAME = 30

@Injectable()
export class TurnContexts {
  constructor(
    private readonly integrations: IntegrationReader,
    private readonly identities: Identities,
    private readonly users: UserRepository,
    private readonly conversations: HostConversations
  ) {}

  /** Throws `IntegrationUnavailableError`. */
  async of({ integrationId, senderId }: Pick<RunningTurn, 'integrationId' | 'senderId'>): Promise<TurnContext> {
    const found = await this.integrations.read(integrationId)
    const integration = typeof found === 'string' ? null : found.integration
    const identity = await this.identities.of(integrationId, senderId)
    const preferred = integration?.settings.preferLanguage
    return {
      integration,
      isRemoved: found === 'unknown',
      language: languageFrom(preferred, identity.language),
      chosenLanguage: knownLanguage(preferred) ?? identity.language,
      endUser: identity.userId ?? senderId
    }
  }

  /** Who alone may confirm what a turn asks; null where that is who asked. */
  async approversOf(
    { integrationId, senderId, chatType, options }: RunningTurn,
    language: Language
  ): Promise<AskedApprovers | null> {
    const openIds = options?.approverOpenIds ?? []
    if (openIds.length === 0 || openIds.includes(senderId)) return null
    const shown = openIds.slice(0, MAX_NAMES)
    const users = await this.users.named(integrationId, shown)
    const names = shown.map((openId) => {
      const name = users.find((user) => user.openId === openId)?.name
      return name ? plainName(name).slice(0, MAX_NAME).toWellFormed() : say('somebody', language)
    })
    const more = openIds.length > shown.length ? [...new Set(names), '…'] : [...new Set(names)]
    return { names: more.join(', '), isAway: chatType === 'p2p' }
  }

  /** Of what somebody reads: Preferred Language, else that of their account, else English. */
  async languageOf({ id, settings }: LarkIntegration, openId: string): Promise<Language> {
    return languageFrom(settings.preferLanguage, (await this.identities.of(id, openId)).language)
  }

  /**
   * Whether a failed run could not go on with its conversation. `unsaid`: the host refused the run, and does not tell; when it
   * refuses two such runs in a row the conversation is lost.
   * @param isRefused the host refused this one
   */
  async conversationOf(turn: RunningTurn, isRefused: boolean): Promise<'lost' | 'kept' | 'unsaid'> {
    const { conversationId, tenantId, xpertId, refusedRuns } = turn
    if (conversationId === null) return 'kept'
    const found = await this.conversations.look({ conversationId, tenantId, xpertId })
    if (found === 'gone' || (isRefused && found === 'others')) return 'lost'
    if (found !== 'unknown' || !isRefused) return 'kept'
    return refusedRuns > 0 ? 'lost' : 'unsaid'
  }
}
