import { Injectable } from '@nestjs/common'
import { HostServices, sendMessage } from '../host'
import { Clock } from '../shared'
import { TurnContexts } from './turn-contexts'
import { RunningTurn, TurnRepository } from './turn.repository'

/** The callbacks' message type; the public plugin owns `channel.lark.*`. */
export const RUN_EVENT_TYPE = 'plugin.lark.run_event.v1'

const IDLE_TIMEOUT_SECONDS = 600

/** Hands a turn to the Digital Expert. May happen twice for one attempt; whoever follows the run shows one of them. */
@Injectable()
export class RunDispatcher {
  constructor(
    private readonly host: HostServices,
    private readonly turns: TurnRepository,
    private readonly contexts: TurnContexts,
    private readonly clock: Clock
  ) {}

  /** Throws `HostUnavailableError` when the queue can not take it; `TurnWatch` then tries again. */
  async dispatch(turn: RunningTurn): Promise<void> {
    const now = this.clock.now()
    const { chosenLanguage, endUser } = await this.contexts.of(turn)
    const message = sendMessage(
      {
        attempt: turn.attempt,
        executionId: turn.executionId,
        tenantId: turn.tenantId,
        organizationId: turn.organizationId,
        xpertId: turn.xpertId,
        conversationId: turn.conversationId,
        text: turn.messages.map((part) => part.text).join('\n\n'),
        ...(chosenLanguage ? { language: chosenLanguage } : {}),
        idleTimeoutSeconds: IDLE_TIMEOUT_SECONDS,
        endUser,
        audit: {
          integrationId: turn.integrationId,
          chatId: turn.chatId,
          chatType: turn.chatType,
          senderId: turn.senderId,
          ...(turn.threadId ? { threadId: turn.threadId } : {})
        },
        callback: { messageType: RUN_EVENT_TYPE, context: { turnId: turn.id } }
      },
      now
    )
    await this.host.enqueue(message)
    await this.turns.noteDispatch(turn, now)
  }
}
