import { ReplyTarget } from '../reply'
import { RunningTurn } from './turn-row'

type WithMessages = Partial<Pick<RunningTurn, 'messages'>>
type WithRun = Partial<Pick<RunningTurn, 'executionId'>>

/** In a topic every message names its first one, and only there. */
const rootOf = ({
  threadId,
  messages = []
}: Pick<RunningTurn, 'threadId'> & WithMessages): { rootMessageId?: string } => {
  const root = messages.flatMap(({ material }) => material?.parentId ?? [])[0]
  return threadId === null || root === undefined ? {} : { rootMessageId: root }
}

/** Where a turn's answer belongs. */
export const replyTargetOf = (
  turn: Pick<RunningTurn, 'id' | 'integrationId' | 'chatId' | 'anchorMessageId' | 'threadId'> & WithMessages & WithRun
): ReplyTarget => ({
  turnId: turn.id,
  integrationId: turn.integrationId,
  chatId: turn.chatId,
  anchorMessageId: turn.anchorMessageId,
  executionId: turn.executionId,
  inThread: turn.threadId !== null,
  ...rootOf(turn)
})

/** When the quoted message was sent; null for turns of older versions. */
export const sentAtOf = ({ messages, anchorMessageId }: RunningTurn): Date | null => {
  const sentAt = messages.find(({ messageId }) => messageId === anchorMessageId)?.sentAt
  return sentAt ? new Date(sentAt) : null
}
