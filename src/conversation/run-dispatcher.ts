import { Injectable } from '@nestjs/common'
import { randomUUID } from 'node:crypto'
import { cancelMessage, HandoffMessage, HostServices, resumeMessage, sendMessage } from '../host'
import { TypingSign } from '../reply'
import { Clock } from '../shared'
import { StoppedRun } from './attempt.repository'
import { questionText } from './question-text'
import { replyTargetOf } from './reply-target'
import { TurnContext, TurnContexts } from './turn-contexts'
import { DEFAULT_TURN_OPTIONS } from './turn.entity'
import { RunningTurn, TurnRepository } from './turn.repository'

/** The callbacks' message type; the public plugin owns `channel.lark.*`. */
export const RUN_EVENT_TYPE = 'plugin.lark.run_event.v1'

/** To ourselves: the host cancels a run for those inside its queue only. */
export const CANCEL_RUN_TYPE = 'plugin.lark.cancel_run.v1'

/** When the quoted message was sent; null for turns of older versions. */
const sentAtOf = ({ messages, anchorMessageId }: RunningTurn): Date | null => {
  const sentAt = messages.find(({ messageId }) => messageId === anchorMessageId)?.sentAt
  return sentAt ? new Date(sentAt) : null
}

/** Hands a turn to the Digital Expert. May happen twice for one attempt; whoever follows the run shows one of them. */
@Injectable()
export class RunDispatcher {
  constructor(
    private readonly host: HostServices,
    private readonly turns: TurnRepository,
    private readonly contexts: TurnContexts,
    private readonly sign: TypingSign,
    private readonly clock: Clock
  ) {}

  /** Throws `HostUnavailableError` when the queue can not take it; `TurnWatch` then tries again. */
  async dispatch(turn: RunningTurn): Promise<void> {
    const context = await this.contexts.of(turn)
    const { integration } = context
    await this.host.enqueue(this.messageOf(turn, context))
    await this.turns.noteDispatch(turn)
    // Behind the dispatch, never in its way.
    if (integration && !turn.resume) void this.sign.show(integration.settings, replyTargetOf(turn), sentAtOf(turn))
  }

  /** Throws `HostUnavailableError` when the queue can not take it. */
  async cancel({ id, attempt, executionId, tenantId, organizationId, conversationId }: StoppedRun): Promise<void> {
    const payload = { turnId: id, attempt, executionId, ...(conversationId ? { conversationId } : {}) }
    const input = { messageType: CANCEL_RUN_TYPE, tenantId, organizationId, payload }
    await this.host.enqueue(cancelMessage(input, randomUUID(), this.clock.now()))
  }

  private messageOf(turn: RunningTurn, { chosenLanguage, endUser }: TurnContext): HandoffMessage {
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
    return sendMessage({ ...common, conversationId: turn.conversationId, text: questionText(turn) }, now)
  }
}
