import { Injectable } from '@nestjs/common'
import { DataSource } from 'typeorm'
import { ScopeIdentity } from './session.repository'
import { TurnOptions, TurnState } from './turn.entity'

/** What a click needs to know of the turn whose card was clicked. */
export interface ClickedTurn extends ScopeIdentity {
  id: string
  attempt: string | null
  state: TurnState
  senderId: string
  options: TurnOptions | null
  operation: Record<string, unknown> | null
  conversationId: string | null
  canAskAgain: boolean
}

/** A turn that ended without its run while its card still waits. */
export interface UnclosedTurn {
  id: string
  integrationId: string
  chatId: string
  threadId: string | null
  anchorMessageId: string
  reason: string
}

/** Statements for cards that people look at after their run. */
@Injectable()
export class ClickedTurnRepository {
  constructor(private readonly dataSource: DataSource) {}

  async find(turnId: string): Promise<ClickedTurn | null> {
    const rows = await this.dataSource.query<ClickedTurn[]>(
      `SELECT turn.id, session.integration_id AS "integrationId", session.scope_key AS "scopeKey",
              session.xpert_id AS "xpertId", turn.attempt, turn.state,
              turn.sender_id AS "senderId", turn.options, turn.operation, session.conversation_id AS "conversationId",
              turn.state = 'ended' AND turn.outcome <> 'answered' AND turn.messages -> 0 ? 'text' AS "canAskAgain"
       FROM plugin_lark_turn turn JOIN plugin_lark_session session ON session.id = turn.session_id WHERE turn.id = $1`,
      [turnId]
    )
    return rows[0] ?? null
  }

  async unclosed(limit: number): Promise<UnclosedTurn[]> {
    return this.dataSource.query<UnclosedTurn[]>(
      `SELECT turn.id, session.integration_id AS "integrationId", session.chat_id AS "chatId",
              session.thread_id AS "threadId", turn.anchor_message_id AS "anchorMessageId", turn.reason
       FROM plugin_lark_turn turn JOIN plugin_lark_session session ON session.id = turn.session_id
       WHERE turn.close_due AND turn.state = 'ended' ORDER BY turn.ended_at LIMIT $1`,
      [limit]
    )
  }

  async noteClosed(turnId: string): Promise<void> {
    await this.dataSource.query(`UPDATE plugin_lark_turn SET close_due = false WHERE id = $1 AND state = 'ended'`, [
      turnId
    ])
  }
}
