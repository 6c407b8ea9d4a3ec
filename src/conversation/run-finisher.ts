import { Injectable } from '@nestjs/common'
import { Language, say } from '../i18n'
import { Delivery, HeldReply, ReplyWriter, UUID_MS } from '../reply'
import { LarkIntegration } from '../settings'
import { Clock } from '../shared'
import { AnswerEnd } from './answer-assembly'
import { conversationAfter, RunEnd } from './answer-end'
import { ShownAnswers } from './answer-files/shown-answers'
import { askingFrame, closingFrame, finalFrame } from './answer-frame'
import { Alongside, Attempts } from './attempts'
import { replyTargetOf } from './reply-target'
import { failureFacts } from './run-failure'
import { RunProgress } from './run-progress'
import { TurnContexts } from './turn-contexts'
import { TurnEnd } from './turn-queue'
import { RunningTurn } from './turn-row'

/** A run whose answer this process holds. */
export interface HeldRun {
  turn: RunningTurn
  integration: LarkIntegration
  held: HeldReply
  progress: RunProgress
  language: Language
  /** The host refused the run, and does not tell whether its conversation is there. */
  isUnsaid?: boolean
}

/** Brings an answer to rest whose run is over: its last frame is shown first, then its turn ends or waits for a person. */
@Injectable()
export class RunFinisher {
  constructor(
    private readonly writer: ReplyWriter,
    private readonly shown: ShownAnswers,
    private readonly contexts: TurnContexts,
    private readonly attempts: Attempts,
    private readonly clock: Clock
  ) {}

  /** True when nothing more of this attempt will be shown; false where the next look has to find that out. */
  finish(run: HeldRun, end: RunEnd): Promise<boolean> {
    if (end === 'again') return this.dispatchAgain(run)
    if (end === 'anew') return this.attempts.dispatchAnew(run.turn)
    if (end === 'approval') return this.ask(run)
    return this.end(run, end)
  }

  /** There is nothing to answer through. What the answer says by now is kept where its card may still be brought to its end. */
  async endUnanswered(turn: RunningTurn, end: TurnEnd, shown?: Pick<HeldRun, 'held' | 'progress'>): Promise<void> {
    const alongside: Pick<TurnEnd, 'alongside'> = shown
      ? { alongside: (manager) => this.writer.leave(manager, shown.held, shown.progress.answer.markdown) }
      : {}
    await this.attempts.end(turn, { ...end, ...alongside })
  }

  private async dispatchAgain({ turn, held }: HeldRun): Promise<boolean> {
    await this.writer.startOver(held)
    return this.attempts.dispatchAgain(turn)
  }

  private async end(run: HeldRun, end: Exclude<AnswerEnd, 'approval'>): Promise<boolean> {
    const { turn, progress } = run
    const { frame, phase, outcome, reason } = finalFrame(progress.answer, end, turn, run.language)
    if (turn.stopReason === 'recalled' && end === 'stopped') return this.endRecalled(run)
    const { integration, held, language } = run
    const isLastTry = this.isLastTry(turn, progress)
    const { delivery } = await this.shown.finish({ turn, integration, held, frame, phase, language, isLastTry })
    const ended = delivery === 'delivered' ? { outcome, reason } : { outcome: 'failed' as const, reason: delivery }
    const closeDue = this.isCloseDue(delivery, held)
    const turnEnd = { ...ended, ...conversationAfter(end, run.isUnsaid ?? false), closeDue }
    const isRunsFault = end === 'failed' || end === 'gone'
    await this.attempts.end(turn, turnEnd, isRunsFault ? failureFacts(progress.answer.failure) : {})
    return true
  }

  /** Nobody waits for a word about a message that was taken back; what is shown of its answer only stops. */
  private async endRecalled({ turn, held, progress, integration, language }: HeldRun): Promise<boolean> {
    const target = replyTargetOf(turn)
    const frame = closingFrame(progress.answer.markdown, 'recalled', language)
    const { settings } = integration
    await this.writer.forgetSign(held)
    let closeDue = false
    if (!held.current.messageId && !held.sendingSince) {
      await this.writer.withdraw(settings, target, held)
    } else {
      // Who brings the card to its end writes the note.
      const options = { isLastTry: this.isLastTry(turn, progress), lateNote: '', onlyCloses: true }
      const delivery = await this.writer.finish(settings, target, held, frame, 'stopped', options)
      closeDue = this.isCloseDue(delivery, held)
    }
    await this.attempts.end(turn, { outcome: 'dropped', reason: 'recalled', closeDue })
    return true
  }

  /** The run waits for a person: the card asks first, then the turn waits, so that no question is invisible. */
  private async ask({ turn, held, progress, integration, language }: HeldRun): Promise<boolean> {
    const { answer } = progress
    const frame = askingFrame(answer, turn, language, await this.contexts.approversOf(turn, language))
    const isLastTry = this.isLastTry(turn, progress)
    const lateNote = say('approvalForgotten', language)
    const asked = { turn, integration, held, frame, phase: 'waiting' as const, language, isLastTry, lateNote }
    const shown = await this.shown.finish(asked)
    const { delivery } = shown
    if (delivery !== 'delivered') {
      const closeDue = this.isCloseDue(delivery, held)
      return this.attempts.end(turn, { outcome: 'failed', reason: delivery, closeDue })
    }
    const operation = { ...answer.operation, target: answer.target }
    // With the keys of its images: nobody has their data when it goes on.
    const keepText: Alongside = (manager) => this.writer.keepText(manager, held, shown.markdown)
    return this.attempts.ask(turn, operation, keepText)
  }

  /**
   * A card that is there can be changed at any time, and however often: what it says in the end is one answer. One that is
   * being sent, such as in the place of another one, is the same message for a while; what was never sent is no second one at
   * any time. Where Lark refuses the words, that can be said.
   */
  private isCloseDue(delivery: Delivery, { current, sendingSince }: HeldReply): boolean {
    if (delivery === 'content_refused') return true
    if (delivery !== 'delivery_unknown') return false
    return current.messageId !== null || sendingSince === null || !this.isTooLate(sendingSince)
  }

  /** So long after the run's last word, or, where none was heard, after its start. */
  private isLastTry({ startedMsAgo }: RunningTurn, { heardAt }: RunProgress): boolean {
    return this.isTooLate(heardAt ?? new Date(this.clock.now().getTime() - startedMsAgo))
  }

  /** After that long a repeated message would be a second one. */
  private isTooLate(since: Date): boolean {
    return this.clock.now().getTime() - since.getTime() >= UUID_MS
  }
}
