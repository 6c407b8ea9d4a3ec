import { Injectable } from '@nestjs/common'
import { DataSource } from 'typeorm'
import { ScopeIdentity } from './session-scope'
import { operationOf, StoredOperation } from './stored-operation'
import { HAS_A_TEXT, TurnOptions, TurnState } from './turn.entity'

/** What a click needs to know of the turn whose card was clicked. */
export interface ClickedTurn extends ScopeIdentity {
  id: string
  attempt: string | null
  state: TurnState
  senderId: string
  chatType: string
  chatId: string
  options: TurnOptions | null
  operation: Record<string, unknown> | null
  conversationId: string | null
  canAskAgain: boolean
}

/** A turn that has ended while its card still waits, or grows. */
export interface UnclosedTurn {
  id: string
  integrationId: string
  chatId: string
  threadId: string | null
  anchorMessageId: string
  senderId: string
  reason: string
  chatType: 'p2p' | 'group'
  scopeKey: string
}

/** A card that could not be closed is tried again after this long. */
const AGAIN_SECONDS = 30

const UNCLOSED = `turn.close_due AND turn.state = 'ended' AND (turn.deadline IS NULL OR turn.deadline < now())`

/** Statements for cards that people look at after their run. */
@Injectable()
export class ClickedTurnRepository {
  constructor(private readonly dataSource: DataSource) {}

  async find(turnId: string): Promise<ClickedTurn | null> {
    const rows = await this.dataSource.query<
      (Omit<ClickedTurn, 'operation'> & { operation: StoredOperation | null })[]
    >(
      `SELECT turn.id, session.integration_id AS "integrationId", session.scope_key AS "scopeKey",
              session.xpert_id AS "xpertId", session.chat_type AS "chatType", session.chat_id AS "chatId", turn.attempt, turn.state,
              turn.sender_id AS "senderId", turn.options, turn.operation, session.conversation_id AS "conversationId",
              turn.state = 'ended' AND turn.outcome <> 'answered' AND ${HAS_A_TEXT} AS "canAskAgain"
       FROM plugin_lark_turn turn JOIN plugin_lark_session session ON session.id = turn.session_id WHERE turn.id = $1`,
      [turnId]
    )
    const [turn] = rows
    return turn ? { ...turn, operation: operationOf(turn.operation) } : null
  }

  /**
   * One turn of each of up to `limit` integrations other than `busy`: handed to one caller, and to the next one after a while if
   * it is not closed by then, behind all others that are due.
   */
  async takeUnclosed(limit: number, busy: readonly string[]): Promise<UnclosedTurn[]> {
    const result = await this.dataSource.query<[UnclosedTurn[], number]>(
      `WITH due AS (
         SELECT DISTINCT ON (session.integration_id) turn.id, turn.deadline, turn.ended_at
         FROM plugin_lark_turn turn JOIN plugin_lark_session session ON session.id = turn.session_id
         WHERE ${UNCLOSED} AND session.integration_id <> ALL ($3)
         ORDER BY session.integration_id, turn.deadline NULLS FIRST, turn.ended_at)
       UPDATE plugin_lark_turn turn SET deadline = now() + make_interval(secs => $2)
       FROM plugin_lark_session session
       WHERE session.id = turn.session_id AND ${UNCLOSED}
         AND turn.id IN (SELECT id FROM due ORDER BY deadline NULLS FIRST, ended_at LIMIT $1)
       RETURNING turn.id, session.integration_id AS "integrationId", session.chat_id AS "chatId",
                 session.thread_id AS "threadId", turn.anchor_message_id AS "anchorMessageId", turn.sender_id AS "senderId", turn.reason,
                 session.chat_type AS "chatType", session.scope_key AS "scopeKey"`,
      [limit, AGAIN_SECONDS, busy]
    )
    return result[0]
  }

  async noteClosed(turnId: string): Promise<void> {
    await this.dataSource.query(
      `UPDATE plugin_lark_turn SET close_due = false, deadline = NULL WHERE id = $1 AND state = 'ended'`,
      [turnId]
    )
  }
}
