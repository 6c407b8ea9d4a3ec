import { Injectable } from '@nestjs/common'
import { Notices } from '../../reply'
import { LarkIntegration } from '../../settings'
import { Log } from '../../shared'
import { TurnContext } from '../turn-contexts'
import { RunningTurn } from '../turn-row'
import { TurnMessage } from '../turn.entity'
import { TurnRepository } from '../turn.repository'
import { InlineRoom } from './inline-room'
import { MissingFile, missingFilesText } from './missing-files'
import { Preparations } from './preparations'
import { DEFAULT_MAX_MIB, Question, QuestionBuilder } from './question-builder'

/** A running turn takes no more messages, so fewer texts mean that one was taken back. */
const textsIn = (messages: readonly TurnMessage[]): number => messages.filter(({ text }) => text !== undefined).length

/** Whom a question is asked for: through which integration, and in which language its person reads. */
type Asked = { integration: LarkIntegration } & Pick<TurnContext, 'language'>

interface Asking {
  signal: AbortSignal
  mayAsk: () => Promise<boolean>
  /** False when it was not asked any more. */
  ask: (question: Question) => Promise<boolean>
}

/** The questions that take a while: put together behind the caller's back, asked, and what is missing said to the person. */
@Injectable()
export class TurnQuestions {
  private readonly log = new Log('conversation')

  constructor(
    private readonly builder: QuestionBuilder,
    private readonly preparations: Preparations,
    private readonly notices: Notices,
    private readonly turns: TurnRepository,
    private readonly room: InlineRoom
  ) {}

  /** Returns at once. `ask` is not called when the turn has ended meanwhile, or another process has it. */
  prepare(turn: RunningTurn, asked: Asked, ask: Asking['ask']): void {
    this.preparations.begin(turn, async (signal, mayAsk) => {
      const missing = await this.askOnce(turn, asked.integration, { signal, mayAsk, ask })
      if (missing.length > 0) await this.tell(turn, asked, missing)
    })
  }

  /** Nothing of a message that was taken back while its question was put together. Answers what is missing of what was asked. */
  private async askOnce(
    turn: RunningTurn,
    integration: LarkIntegration,
    { signal, mayAsk, ask }: Asking
  ): Promise<MissingFile[]> {
    for (let latest = turn; ;) {
      const share = this.room.share()
      try {
        const question = await this.builder.build(latest, integration, { signal, share })
        if (!(await mayAsk())) return []
        const messages = await this.turns.messagesOf(turn.id)
        const texts = textsIn(messages)
        if (texts === 0) return []
        if (texts === textsIn(latest.messages)) {
          return (await ask(question)) ? question.missing : []
        }
        latest = { ...latest, messages }
      } finally {
        share.free()
      }
    }
  }

  /** The expert knows it already: a person who can not be told is no reason to do anything again. */
  private async tell(
    turn: RunningTurn,
    { integration, language }: Asked,
    missing: readonly MissingFile[]
  ): Promise<void> {
    const { settings } = integration
    const maxMiB = turn.options?.attachmentMaxMiB ?? DEFAULT_MAX_MIB
    const text = missingFilesText(missing, maxMiB, language)
    const origin = {
      id: turn.id,
      integrationId: turn.integrationId,
      chatId: turn.chatId,
      messageId: turn.anchorMessageId,
      inThread: turn.threadId !== null
    }
    try {
      await this.notices.reply(settings, origin, text)
    } catch (error) {
      this.log.warn('a person was not told which files are missing', { turn: turn.id }, error)
    }
  }
}
