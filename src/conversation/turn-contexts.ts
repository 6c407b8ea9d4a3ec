import { Injectable } from '@nestjs/common'
import { Identities } from '../directory'
import { knownLanguage, Language, languageFrom } from '../i18n'
import { IntegrationReader, LarkIntegration } from '../settings'
import { RunningTurn } from './turn.repository'

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

@Injectable()
export class TurnContexts {
  constructor(
    private readonly integrations: IntegrationReader,
    private readonly identities: Identities
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

  /** Of what somebody reads: Preferred Language, else that of their account, else English. */
  async languageOf({ id, settings }: LarkIntegration, openId: string): Promise<Language> {
    return languageFrom(settings.preferLanguage, (await this.identities.of(id, openId)).language)
  }
}
