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
  isLastTry?: boolean
  lateNote?: string
}

export interface ShownFrame {
  delivery: Delivery
  /** With the keys of its images. */
  markdown: string
}

/** A state in which an answer rests, with its images in it and its files behind it. */
@Injectable()
export class ShownAnswers {
  constructor(
    private readonly writer: ReplyWriter,
    private readonly files: AnswerFiles,
    private readonly messages: FileMessages
  ) {}

  /**
   * As `ReplyWriter.finish`; also answers the Markdown that is shown. Throws a repeatable `LarkApiError` also while the answer is
   * there, and it stays open whether its files are: to be called again, under whichever lease.
   */
  async finish({ turn, integration, held, frame, phase, language, ...last }: LastFrame): Promise<ShownFrame> {
    const { settings } = integration
    const target = replyTargetOf(turn)
    const { markdown, files, lost } = await this.files.show(turn, integration, frame.markdown, language)
    const behind = { attempt: turn.attempt, files, lost, isStopRequested: turn.stopReason !== null, language }
    const options = { ...last, behind }
    const delivery = await this.writer.finish(settings, target, held, { ...frame, markdown }, phase, options)
    if (delivery === 'delivered') await this.messages.send(settings, target, held, behind)
    return { delivery, markdown }
  }
}
