import { Injectable } from '@nestjs/common'
import { Directory } from '../directory'
import { Language, say } from '../i18n'
import { CardAction } from '../lark'
import { Clock } from '../shared'
import { Verdict } from './question'

/** `2026-03-01 10:00 UTC`: a card is read by people of any time zone. */
const timeText = (now: Date): string => `${now.toISOString().slice(0, 16).replace('T', ' ')} UTC`

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
    return `> ${say(key, language, { who, when: timeText(this.clock.now()) })}`
  }
}
