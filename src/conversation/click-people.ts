import { Injectable } from '@nestjs/common'
import { Directory } from '../directory'
import { Language, say } from '../i18n'
import { CardAction } from '../lark'
import { Clock, minuteText } from '../shared'
import { Verdict } from './question'

/** Names are free text of others: nothing of them may be Markdown. */
const plainName = (name: string): string => name.replace(/[*_~`[\]<>|\n]/g, ' ').trim()

/** Who decided and when, as the card says it for good. */
@Injectable()
export class ClickPeople {
  constructor(
    private readonly directory: Directory,
    private readonly clock: Clock
  ) {}

  async decisionLine(
    verdict: Verdict,
    { operatorOpenId }: CardAction,
    integrationId: string,
    language: Language
  ): Promise<string> {
    const name = await this.directory.nameOf(integrationId, operatorOpenId)
    const who = name ? plainName(name) : operatorOpenId
    const key = verdict === 'confirm' ? 'questionConfirmed' : 'questionRejected'
    return `> ${say(key, language, { who, when: minuteText(this.clock.now()) })}`
  }
}
