import { Injectable } from '@nestjs/common'
import { Language } from '../../i18n'
import { AnswerFrame, Delivery, FileMessages, HeldReply, ReplyWriter, RestingPhase } from '../../reply'
import { LarkIntegration } from '../../settings'
import { replyTargetOf } from '../reply-target'
import { RunningTurn } from '../turn-row'
import { AnswerFiles } from './answer-files'

export interface LastFrame {
  turn: RunningTurn
  integration: LarkIntegration
  held: HeldReply
  frame: AnswerFrame
  phase: RestingPhase
  language: Language
}

/** The last state of an answer, with its images in it and its files behind it. */
@Injectable()
export class ShownAnswers {
  constructor(
    private readonly writer: ReplyWriter,
    private readonly files: AnswerFiles,
    private readonly messages: FileMessages
  ) {}

  /** As `ReplyWriter.finish`. */
  async finish({ turn, integration, held, frame, phase, language }: LastFrame): Promise<Delivery> {
    const { settings } = integration
    const target = replyTargetOf(turn)
    const shown = await this.files.show(turn, integration, frame.markdown, language)
    const delivery = await this.writer.finish(settings, target, held, { ...frame, markdown: shown.markdown }, phase)
    if (delivery === 'delivered') await this.messages.send(settings, target, turn.attempt, shown.files)
    return delivery
  }
}
