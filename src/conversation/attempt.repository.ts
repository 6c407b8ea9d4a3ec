import { Injectable } from '@nestjs/common'
import { DataSource, EntityManager } from 'typeorm'
import { ResumeRequest } from '../host'
import { DISPATCH_SECONDS, ENDED, FRESH_ATTEMPT, NEXT_STATE, WITHOUT_TEXTS } from './turn-row'

/** A run that somebody stopped, and what the host needs to end it. */
export interface StoppedRun {
  id: string
  attempt: string
  executionId: string
  tenantId: string
  organizationId: string | null
  conversationId: string | null
}

/** Where a turn without a run is ended: it waits behind another one, still collects, or waits for a decision. */
export type IdleState = 'window' | 'waiting' | 'approval'

/** Every statement that gives a turn another attempt, or takes its attempt away. */
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

  /** The run asks a person; the session is free. False when the turn has ended or runs under another attempt. */
  async ask(
    manager: EntityManager,
    turn: { id: string; attempt: string },
    operation: Record<string, unknown>
  ): Promise<boolean> {
    const result = await manager.query<[unknown[], number]>(
      `UPDATE plugin_lark_turn SET state = 'approval', operation = $3, deadline = NULL
       WHERE id = $1 AND attempt = $2 AND state = 'running' AND stop_reason IS NULL`,
      [turn.id, turn.attempt, JSON.stringify(operation)]
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
       WHERE id = $1 AND state = 'ended' AND outcome <> 'answered' AND messages -> 0 ? 'text'
       RETURNING state`,
      [turnId, DISPATCH_SECONDS]
    )
    return result[0][0]?.state ?? null
  }

  /** Notes that a run shall stop; its turn ends once the host has cancelled it. Null when it does not run. */
  async requestStop(by: { turnId: string } | { sessionId: string }, reason: string): Promise<StoppedRun | null> {
    const isTurn = 'turnId' in by
    const result = await this.dataSource.query<[StoppedRun[], number]>(
      `UPDATE plugin_lark_turn turn SET stop_reason = coalesce(stop_reason, $2), stopped_at = coalesce(stopped_at, now())
       FROM plugin_lark_session session
       WHERE session.id = turn.session_id AND turn.${isTurn ? 'id' : 'session_id'} = $1 AND turn.state = 'running'
       RETURNING turn.id, turn.attempt, turn.execution_id AS "executionId", session.tenant_id AS "tenantId",
                 session.organization_id AS "organizationId", session.conversation_id AS "conversationId"`,
      [isTurn ? by.turnId : by.sessionId, reason]
    )
    return result[0][0] ?? null
  }

  async noteCancelled(turn: { id: string; attempt: string }): Promise<void> {
    await this.dataSource.query(
      `UPDATE plugin_lark_turn SET cancelled_at = coalesce(cancelled_at, now()) WHERE id = $1 AND attempt = $2 AND state = 'running'`,
      [turn.id, turn.attempt]
    )
  }

  /** Questions of a session that nobody has answered: the next turn has begun. Answers which. */
  async forgetQuestions(manager: EntityManager, sessionId: string, now: Date): Promise<string[]> {
    return this.drop(manager, `session_id = $3 AND state = 'approval'`, [sessionId], 'forgotten', now)
  }

  /** Ends a turn that has no run. False when it has one by now, or has ended. */
  async dropIdle(
    manager: EntityManager,
    turnId: string,
    states: readonly IdleState[],
    reason: string,
    now: Date
  ): Promise<boolean> {
    const dropped = await this.drop(manager, `id = $3 AND state = ANY($4)`, [turnId, states], reason, now)
    return dropped.length > 0
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
