import { Injectable } from '@nestjs/common'
import { Directory } from '../directory'
import { Language, say } from '../i18n'
import { CardAction } from '../lark'
import { LarkIntegration } from '../settings'
import { Clock, minuteText } from '../shared'
import { plainName } from './plain-name'
import { TurnContexts } from './turn-contexts'
import { Verdict } from './approval-request'

/** Who decided and when, as the card says it for good. */
@Injectable()
export class ClickPeople {
  constructor(
    private readonly directory: Directory,
    private readonly contexts: TurnContexts,
    private readonly clock: Clock
  ) {}

  languageOf(integration: LarkIntegration, openId: string): Promise<Language> {
    return this.contexts.languageOf(integration, openId)
  }

  async decisionLine(
    verdict: Verdict,
    { operatorOpenId }: CardAction,
    integrationId: string,
    language: Language
  ): Promise<string> {
    const name = await this.directory.nameOf(integrationId, operatorOpenId)
    const who = name ? plainName(name) : say('somebody', language)
    const key = verdict === 'confirm' ? 'approvalConfirmed' : 'approvalRejected'
    return `> ${say(key, language, { who, when: minuteText(this.clock.now()) })}`
  }
}
