import { Injectable } from '@nestjs/common'
import { randomUUID } from 'node:crypto'
import { cancelMessage, HandoffMessage, HostServices, resumeMessage, sendMessage } from '../host'
import { TypingSign } from '../reply'
import { LarkIntegration } from '../settings'
import { Clock } from '../shared'
import { StoppedRun } from './attempt.repository'
import { DispatchLease } from './dispatch-lease'
import { questionText } from './question-text'
import { needsReading, Question } from './question/question-builder'
import { TurnQuestions } from './question/turn-questions'
import { replyTargetOf, sentAtOf } from './reply-target'
import { TurnContext, TurnContexts } from './turn-contexts'
import { DEFAULT_TURN_OPTIONS } from './turn.entity'
import { RunningTurn } from './turn-row'

/** The callbacks' message type; the public plugin owns `channel.lark.*`. */
export const RUN_EVENT_TYPE = 'plugin.lark.run_event.v1'

/** To ourselves: the host cancels a run for those inside its queue only. */
export const CANCEL_RUN_TYPE = 'plugin.lark.cancel_run.v1'

/**
 * Hands a turn to the Digital Expert. The host may run one dispatch twice; whoever follows the run shows one of them. Its
 * cancel finds only what is there, so a run that was stopped before its dispatch is cancelled once more behind it.
 */
@Injectable()
export class RunDispatcher {
  constructor(
    private readonly host: HostServices,
    private readonly lease: DispatchLease,
    private readonly contexts: TurnContexts,
    private readonly sign: TypingSign,
    private readonly questions: TurnQuestions,
    private readonly clock: Clock
  ) {}

  /**
   * Throws `HostUnavailableError` when the queue can not take it, `IntegrationUnavailableError` while nobody can say how it is
   * to be asked; `TurnWatch` then tries again. What needs more than its text is asked later, and not waited for. A turn that
   * was stopped is only cancelled: somebody who died may have dispatched it.
   */
  dispatch(turn: RunningTurn): Promise<void> {
    if (turn.stopReason) return this.cancelBehind(turn)
    const lost = new AbortController()
    return this.lease.during(
      turn,
      () => this.begin(turn, lost.signal),
      () => lost.abort()
    )
  }

  private async begin(turn: RunningTurn, lost: AbortSignal): Promise<void> {
    const context = await this.contexts.of(turn)
    if (lost.aborted) return this.lease.giveUp(turn)
    const { integration } = context
    if (!integration || !needsReading(turn)) {
      const isAsked = await this.ask(turn, context, null)
      // Behind the dispatch, never in its way.
      if (isAsked && integration && !turn.resume) this.showSign(turn, integration)
      return
    }
    this.questions.prepare(turn, { ...context, integration }, (question) => this.ask(turn, context, question))
    // A file may take a while: the person sees at once that it has come.
    this.showSign(turn, integration)
  }

  private showSign(turn: RunningTurn, { settings }: LarkIntegration): void {
    void this.sign.show(settings, replyTargetOf(turn), sentAtOf(turn))
  }

  /** False when nobody wants to know any more. */
  private async ask(turn: RunningTurn, context: TurnContext, question: Question | null): Promise<boolean> {
    if (!(await this.lease.isHeld(turn))) return false
    await this.host.enqueue(this.messageOf(turn, context, question))
    if (await this.lease.end(turn)) return true
    await this.cancelBehind(turn)
    return false
  }

  private async cancelBehind(turn: RunningTurn): Promise<void> {
    await this.cancel(turn)
    await this.lease.giveUp(turn)
  }

  /** Throws `HostUnavailableError` when the queue can not take it. */
  async cancel({ id, attempt, executionId, tenantId, organizationId, conversationId }: StoppedRun): Promise<void> {
    const payload = { turnId: id, attempt, executionId, ...(conversationId ? { conversationId } : {}) }
    const input = { messageType: CANCEL_RUN_TYPE, tenantId, organizationId, payload }
    await this.host.enqueue(cancelMessage(input, randomUUID(), this.clock.now()))
  }

  private messageOf(
    turn: RunningTurn,
    { chosenLanguage, endUser }: TurnContext,
    question: Question | null
  ): HandoffMessage {
    const now = this.clock.now()
    const common = {
      attempt: turn.attempt,
      executionId: turn.executionId,
      tenantId: turn.tenantId,
      organizationId: turn.organizationId,
      xpertId: turn.xpertId,
      ...(chosenLanguage ? { language: chosenLanguage } : {}),
      idleTimeoutSeconds: (turn.options ?? DEFAULT_TURN_OPTIONS).idleTimeoutSeconds,
      endUser,
      audit: {
        integrationId: turn.integrationId,
        chatId: turn.chatId,
        chatType: turn.chatType,
        senderId: turn.senderId,
        ...(turn.threadId ? { threadId: turn.threadId } : {})
      },
      callback: { messageType: RUN_EVENT_TYPE, context: { turnId: turn.id } }
    }
    if (turn.resume) return resumeMessage({ ...common, resume: turn.resume }, now)
    const { text, files } = question ?? { text: questionText(turn), files: [] }
    return sendMessage({ ...common, conversationId: turn.conversationId, text, files }, now)
  }
}
