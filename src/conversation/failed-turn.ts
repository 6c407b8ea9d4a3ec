import { ENDED_AS_FAILED, Facts, Log } from '../shared'
import { RunningTurn } from './turn-row'

/** Operators alarm on it: once for each turn, by who ended it. */
export const logFailedTurn = (
  log: Log,
  turn: RunningTurn,
  reason: string,
  { events, failure }: { events: readonly string[]; failure: Facts }
): void => {
  const { id, executionId, integrationId, xpertId, tenantId, chatId, messages } = turn
  log.error(`a question ${ENDED_AS_FAILED}`, {
    reason,
    integration: integrationId,
    event: events.join(','),
    message: messages.map(({ messageId }) => messageId).join(','),
    turn: id,
    execution: executionId,
    chat: chatId,
    xpert: xpertId,
    tenant: tenantId,
    ...failure
  })
}
