import { Injectable } from '@nestjs/common'
import { Identities } from '../directory'
import { knownLanguage, Language, languageFrom } from '../i18n'
import { IntegrationReader, LarkIntegration } from '../settings'
import { RunningTurn } from './turn.repository'

/** What a turn is answered with, besides its own words. */
export interface TurnContext {
  integration: LarkIntegration | null
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

  async of({ integrationId, senderId }: Pick<RunningTurn, 'integrationId' | 'senderId'>): Promise<TurnContext> {
    const integration = await this.integrations.find(integrationId)
    const identity = await this.identities.of(integrationId, senderId)
    const preferred = integration?.settings.preferLanguage
    return {
      integration,
      language: languageFrom(preferred, identity.language),
      chosenLanguage: knownLanguage(preferred) ?? identity.language,
      endUser: identity.userId ?? senderId
    }
  }
}
