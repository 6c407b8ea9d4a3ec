import { Injectable } from '@nestjs/common'
import { DataSource, EntityManager } from 'typeorm'
import { ResumeRequest } from '../host'
import { Chat, ScopeIdentity } from './session-scope'
import { storedOperation } from './stored-operation'
import { HAS_A_TEXT } from './turn.entity'
import {
  DISPATCH_SECONDS,
  ENDED,
  FRESH_ATTEMPT,
  NEW_ATTEMPT,
  NEXT_STATE,
  SENT_AT,
  WITHOUT_TEXTS,
  WORDS
} from './turn-row'

/** A run that somebody stopped, and what the host needs to end it. */
export interface StoppedRun {
  id: string
  attempt: string
  executionId: string
  tenantId: string
  organizationId: string | null
  conversationId: string | null
}

/**
 * One turn; or what runs in a scope, in its former sessions too, one person's or everybody's (null); or what runs for one person
 * anywhere in a chat. Of a scope or chat what was sent until then.
 */
export type StopTarget =
  | { turnId: string }
  | { scope: ScopeIdentity; sentUntil: Date; senderId: string | null }
  | { chat: Chat; sentUntil: Date; senderId: string }

/** Nobody decides any more: well within the 14 days for which Lark lets the card say so (lark-platform §5.2). */
const ASKING_DAYS = 7

/** Earlier versions set no deadline. */
const DECIDED_UNTIL = `coalesce(deadline, coalesce(started_at, created_at) + make_interval(days => ${ASKING_DAYS}))`

/** Why nobody decides a question any more: in time nobody did, the next turn began, or its conversation was ended. */
export type ForgottenReason = 'forgotten' | 'overtaken' | 'conversation_ended'
export const FORGOTTEN: ForgottenReason = 'forgotten'

const runningOf = (which: StopTarget): [where: string, values: unknown[]] => {
  if ('turnId' in which) return ['turn.id = $2', [which.turnId]]
  const { integrationId, xpertId } = 'chat' in which ? which.chat : which.scope
  const where = `session.integration_id = $2 AND session.xpert_id = $3 AND ${SENT_AT} <= $4
     AND ($5::varchar IS NULL OR turn.sender_id = $5)`
  const values = [integrationId, xpertId, which.sentUntil.toISOString(), which.senderId]
  return 'chat' in which
    ? [`${where} AND session.chat_id = $6`, [...values, which.chat.chatId]]
    : [`${where} AND session.scope_key = $6`, [...values, which.scope.scopeKey]]
}

/** What a person collects, or asked and waits for a decision, as far as it was sent until then. */
export interface OwnTurns {
  state: 'window' | 'approval'
  senderId: string
  sentUntil: Date
}

/** What happens to a turn beside its ordinary way: asked again, asking a person, decided, stopped, forgotten, taken back. */
@Injectable()
export class AttemptRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Another dispatch of the same question. False when somebody else was faster. */
  async again(manager: EntityManager, turn: { id: string; attempt: string }): Promise<boolean> {
    const result = await manager.query<[unknown[], number]>(
      `UPDATE plugin_lark_turn SET ${FRESH_ATTEMPT}, execution_id = gen_random_uuid(), attempt_number = attempt_number + 1,
              deadline = now() + make_interval(secs => $3)
       WHERE id = $1 AND attempt = $2 AND state = 'running' AND stop_reason IS NULL`,
      [turn.id, turn.attempt, DISPATCH_SECONDS]
    )
    return result[1] > 0
  }

  /**
   * Nothing counts any more of an attempt whose dispatch nobody noted. Its execution id stays until `repeat`, for whoever cancels it.
   * Answers the next attempt's token; null when the turn has ended, was stopped, or somebody else was faster.
   */
  async giveUp(manager: EntityManager, turn: { id: string; attempt: string }): Promise<string | null> {
    const result = await manager.query<[{ attempt: string }[], number]>(
      `UPDATE plugin_lark_turn SET ${NEW_ATTEMPT}, deadline = now() + make_interval(secs => $3)
       WHERE id = $1 AND attempt = $2 AND state = 'running' AND dispatched_at IS NULL AND stop_reason IS NULL
       RETURNING attempt`,
      [turn.id, turn.attempt, DISPATCH_SECONDS]
    )
    return result[0][0]?.attempt ?? null
  }

  /** Another execution, because two of one id would write one row of the host. False as where `giveUp` answers null. */
  async repeat(manager: EntityManager, turn: { id: string; attempt: string }): Promise<boolean> {
    const result = await manager.query<[unknown[], number]>(
      `UPDATE plugin_lark_turn SET execution_id = gen_random_uuid(), deadline = now() + make_interval(secs => $3)
       WHERE id = $1 AND attempt = $2 AND state = 'running' AND dispatched_at IS NULL AND stop_reason IS NULL`,
      [turn.id, turn.attempt, DISPATCH_SECONDS]
    )
    return result[1] > 0
  }

  /** The run asks a person; the session is free. False when the turn has ended or runs under another attempt. */
  async ask(
    manager: EntityManager,
    turn: { id: string; attempt: string },
    operation: Record<string, unknown>
  ): Promise<boolean> {
    const result = await manager.query<[unknown[], number]>(
      `UPDATE plugin_lark_turn SET state = 'approval', operation = $3, deadline = now() + make_interval(days => $4),
              heard_at = coalesce(heard_at, now())
       WHERE id = $1 AND attempt = $2 AND state = 'running' AND stop_reason IS NULL`,
      [turn.id, turn.attempt, storedOperation(operation), ASKING_DAYS]
    )
    return result[1] > 0
  }

  /** The person decided: the same execution goes on under a new attempt. False when it waits for nobody any more. */
  async resume(manager: EntityManager, turnId: string, resume: ResumeRequest): Promise<boolean> {
    const result = await manager.query<[unknown[], number]>(
      `UPDATE plugin_lark_turn turn SET ${FRESH_ATTEMPT}, state = 'running', resume = $2, operation = NULL,
              deadline = now() + make_interval(secs => $3)
       WHERE id = $1 AND state = 'approval' AND NOT EXISTS (
         SELECT 1 FROM plugin_lark_turn other WHERE other.session_id = turn.session_id AND other.state = 'running')`,
      [turnId, JSON.stringify(resume), DISPATCH_SECONDS]
    )
    return result[1] > 0
  }

  /**
   * An ended turn is asked once more, behind all others of its session; its texts are still there. Null when it has not ended
   * without an answer, or its texts are gone.
   */
  async reopen(manager: EntityManager, turnId: string): Promise<'running' | 'waiting' | null> {
    const result = await manager.query<[{ state: 'running' | 'waiting' }[], number]>(
      `UPDATE plugin_lark_turn turn SET ${FRESH_ATTEMPT}, execution_id = gen_random_uuid(), attempt_number = 1, resume = NULL,
              state = ${NEXT_STATE}, outcome = NULL, reason = NULL, ended_at = NULL, signed_at = NULL, close_due = false,
              position = (SELECT max(position) FROM plugin_lark_turn WHERE session_id = turn.session_id) + 1,
              deadline = now() + make_interval(secs => $2)
       WHERE id = $1 AND state = 'ended' AND outcome <> 'answered' AND ${HAS_A_TEXT}
       RETURNING state`,
      [turnId, DISPATCH_SECONDS]
    )
    return result[0][0]?.state ?? null
  }

  /** Notes that runs shall stop; their turns end once the host has cancelled them. Answers which run. */
  async requestStop(which: StopTarget, reason: string): Promise<StoppedRun[]> {
    const [where, values] = runningOf(which)
    const result = await this.dataSource.query<[StoppedRun[], number]>(
      `UPDATE plugin_lark_turn turn SET stop_reason = coalesce(stop_reason, $1), stopped_at = coalesce(stopped_at, now())
       FROM plugin_lark_session session
       WHERE session.id = turn.session_id AND ${where} AND turn.state = 'running'
       RETURNING turn.id, turn.attempt, turn.execution_id AS "executionId", session.tenant_id AS "tenantId",
                 session.organization_id AS "organizationId", session.conversation_id AS "conversationId"`,
      [reason, ...values]
    )
    return result[0]
  }

  /** Whether somebody's question is being answered in a scope. */
  async isRunning({ integrationId, scopeKey, xpertId }: ScopeIdentity): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `SELECT 1 FROM plugin_lark_turn turn JOIN plugin_lark_session session ON session.id = turn.session_id
       WHERE session.integration_id = $1 AND session.scope_key = $2 AND session.xpert_id = $3 AND turn.state = 'running' LIMIT 1`,
      [integrationId, scopeKey, xpertId]
    )
    return rows.length > 0
  }

  async noteCancelled(turn: { id: string; attempt: string }): Promise<void> {
    await this.dataSource.query(
      `UPDATE plugin_lark_turn SET cancelled_at = coalesce(cancelled_at, now()) WHERE id = $1 AND attempt = $2 AND state = 'running'`,
      [turn.id, turn.attempt]
    )
  }

  /** Questions of a session that nobody has answered. Answers which. */
  async forgetQuestions(
    manager: EntityManager,
    sessionId: string,
    reason: ForgottenReason,
    now: Date
  ): Promise<string[]> {
    return this.drop(manager, `session_id = $3 AND state = 'approval'`, [sessionId], reason, now)
  }

  /** Up to `limit` questions of any session that nobody has answered for so long that nobody will. Answers which. */
  async forgetOldQuestions(manager: EntityManager, limit: number, now: Date): Promise<string[]> {
    const where = `id IN (SELECT id FROM plugin_lark_turn WHERE state = 'approval' AND ${DECIDED_UNTIL} < now()
                          ORDER BY ${DECIDED_UNTIL} LIMIT $3 FOR UPDATE SKIP LOCKED)`
    return this.drop(manager, where, [limit], FORGOTTEN, now)
  }

  /** Ends a turn that has no run; answers its id, nothing when it has one by now, or has ended. */
  async dropIdle(manager: EntityManager, turnId: string, reason: string, now: Date): Promise<string[]> {
    return this.drop(manager, `id = $3 AND state IN ('window', 'waiting', 'approval')`, [turnId], reason, now)
  }

  async dropOwn(
    manager: EntityManager,
    sessionId: string,
    { state, senderId, sentUntil }: OwnTurns,
    reason: string,
    now: Date
  ): Promise<string[]> {
    const where = `session_id = $3 AND sender_id = $4 AND state = $5 AND ${SENT_AT} <= $6`
    return this.drop(manager, where, [sessionId, senderId, state, sentUntil.toISOString()], reason, now)
  }

  /** Removes one message's text; answers the turn's state and how many of its messages still have one. Null for no such turn. */
  async removeText(
    manager: EntityManager,
    turnId: string,
    messageId: string
  ): Promise<{ state: string; texts: number } | null> {
    const result = await manager.query<[{ state: string; texts: number }[], number]>(
      `UPDATE plugin_lark_turn SET messages = (
         SELECT coalesce(jsonb_agg(CASE WHEN message ->> 'messageId' = $2 THEN message - ${WORDS} ELSE message END ORDER BY place), '[]')
         FROM jsonb_array_elements(messages) WITH ORDINALITY AS part (message, place)),
         anchor_message_id = coalesce((
           SELECT message ->> 'messageId' FROM jsonb_array_elements(messages) WITH ORDINALITY AS part (message, place)
           WHERE message ? 'text' AND message ->> 'messageId' <> $2 AND state IN ('window', 'waiting')
           ORDER BY place DESC LIMIT 1), anchor_message_id)
       WHERE id = $1
       RETURNING state, (SELECT count(*)::int FROM jsonb_array_elements(messages) message WHERE message ? 'text') AS texts`,
      [turnId, messageId]
    )
    return result[0][0] ?? null
  }

  private async drop(
    manager: EntityManager,
    where: string,
    values: readonly unknown[],
    reason: string,
    now: Date
  ): Promise<string[]> {
    const result = await manager.query<[{ id: string }[], number]>(
      `UPDATE plugin_lark_turn SET ${ENDED}, ${WITHOUT_TEXTS}, outcome = 'dropped', reason = $1, ended_at = $2,
              close_due = signed_at IS NOT NULL OR state = 'approval'
       WHERE ${where} RETURNING id`,
      [reason, now, ...values]
    )
    return result[0].map(({ id }) => id)
  }
}
