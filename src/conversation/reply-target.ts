import { ReplyTarget } from '../reply'
import { RunningTurn } from './turn-row'

/** Where a turn's answer belongs. */
export const replyTargetOf = (
  turn: Pick<RunningTurn, 'id' | 'integrationId' | 'chatId' | 'anchorMessageId' | 'threadId'>
): ReplyTarget => ({
  turnId: turn.id,
  integrationId: turn.integrationId,
  chatId: turn.chatId,
  anchorMessageId: turn.anchorMessageId,
  inThread: turn.threadId !== null
})
