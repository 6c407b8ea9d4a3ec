import { Injectable } from '@nestjs/common'
import { DataSource, EntityManager } from 'typeorm'
import { LeaseLostError, letGo } from '../shared'
import { AcceptedEvent, acceptStatement } from './accept-statement'
import { ClaimAttachments } from './claim-attachments'
import { ClaimEnds } from './claim-ends'
import { CLAIM, ClaimedRow, FRONTS, toClaimedEvent } from './claim-statement'
import { NewInboundEvent } from './inbox'
import { ClaimedEvent } from './inbox-handler'
import { TerminalState } from './inbox-state'
import { baseKeyOf, lockFamilies, TAKEN } from './repetition-keys'

/** Short, so that a crash is taken over soon; a living worker renews it. */
const CLAIM_SECONDS = 10

/** A message that fails as often as this will not succeed. */
export const MOST_REPETITIONS = 20

/** `taken`: somebody asked before, or it was answered meanwhile. `not_kept`: its payload is scrubbed. */
export type Repetition = 'accepted' | 'taken' | 'not_failed' | 'not_kept' | 'unknown'

/** The way of an event through the inbox table, one statement a method. What is taken back, and what is read of it, has repositories of its own. */
@Injectable()
export class InboxRepository {
  private readonly attachments = new ClaimAttachments()
  private readonly ends: ClaimEnds

  constructor(private readonly dataSource: DataSource) {
    this.ends = new ClaimEnds(dataSource)
  }

  /** True when the row is new; false when the same event was accepted before. */
  async insert(event: NewInboundEvent, receivedAt: Date): Promise<boolean> {
    const [isNew] = await this.insertAll([{ event, receivedAt }])
    return isNew === true
  }

  /**
   * Stores events in their order, in one statement: all of them or, when it throws, none. Answers for each whether its row
   * is new.
   */
  async insertAll(accepted: readonly AcceptedEvent[]): Promise<boolean[]> {
    const { sql, values, ids } = acceptStatement(accepted)
    const rows = await this.dataSource.query<{ id: string }[]>(sql, values)
    const stored = new Set(rows.map(({ id }) => id))
    return ids.map((id) => stored.has(id))
  }

  /**
   * Claims the first open row of up to `limit` lanes. A lane whose first row waits (a retry's backoff) or is held by a
   * living claim is passed over, so a chat's events are handled in order. What is claimed is handed over, also when a look at
   * more rows then fails.
   */
  async claim(limit: number): Promise<ClaimedEvent[]> {
    const claimed: ClaimedEvent[] = []
    try {
      for (const rows of FRONTS) {
        const { claims, isWhole } = await this.claimWithin(limit - claimed.length, rows)
        claimed.push(...claims)
        if (isWhole || claimed.length === limit) break
      }
    } catch (error) {
      if (claimed.length === 0) throw error
    }
    return claimed
  }

  /** False when somebody else holds the row by now. */
  async renew(claim: ClaimedEvent): Promise<boolean> {
    const result = await this.dataSource.query<[unknown[], number]>(
      `UPDATE plugin_lark_inbound_event SET claim_expires_at = now() + make_interval(secs => $3)
       WHERE id = $1 AND claim_token = $2 AND state = 'claimed'`,
      [claim.id, claim.claimToken, CLAIM_SECONDS]
    )
    return result[1] > 0
  }

  /**
   * Ends a claimed row. What was refused or dropped is none of our business any more: its payload goes at once.
   * @param keepPayload an admin wants it as context; retention removes it
   */
  end(claim: ClaimedEvent, state: TerminalState, reason: string, now: Date, keepPayload = false): Promise<void> {
    return this.ends.end(claim, { state, reason, at: now, keepPayload })
  }

  /** Gives a claimed row back to its lane. A wait that is nobody's fault does not count as an attempt. */
  release(claim: ClaimedEvent, inSeconds: number, countsAsAttempt: boolean): Promise<void> {
    return this.change(
      claim,
      `state = 'received', claim_token = NULL, claim_expires_at = NULL,
       available_at = now() + make_interval(secs => $3), attempts = attempts - $4`,
      [inSeconds, countsAsAttempt ? 0 : 1]
    )
  }

  /** Corrects whose event it is: an app that several integrations share chose from memory when it was accepted. */
  redirect(claim: ClaimedEvent, integrationId: string): Promise<void> {
    return this.change(claim, `integration_id = $3`, [integrationId])
  }

  /** What waits for something that may take long gets a lane of its own: the chat's later events wait no more for it. */
  leaveLane(claim: ClaimedEvent): Promise<void> {
    return this.change(claim, `lane = inbox_key || ':-' || dedup_key`)
  }

  /** Notes that a reply is in the topic of its first message; answers which, null where that was not received, or is in none. */
  async joinTopic(claim: ClaimedEvent, root: { integrationId: string; messageId: string }): Promise<string | null> {
    const result = await this.dataSource.query<[{ threadId: string }[], number]>(
      `UPDATE plugin_lark_inbound_event reply SET thread_id = root.thread_id
       FROM (SELECT thread_id FROM plugin_lark_inbound_event
             WHERE message_id = $3 AND integration_id = $4 AND chat_id = $5 AND thread_id IS NOT NULL LIMIT 1) AS root
       WHERE reply.id = $1 AND reply.claim_token = $2 AND reply.state = 'claimed'
       RETURNING reply.thread_id AS "threadId"`,
      [claim.id, claim.claimToken, root.messageId, root.integrationId, claim.chatId]
    )
    return result[0][0]?.threadId ?? null
  }

  /** Joins the row to a turn, in the transaction that stores the turn: both or none. */
  attach(manager: EntityManager, claim: ClaimedEvent, turnId: string): Promise<void> {
    return this.attachments.attach(manager, claim, turnId)
  }

  /**
   * Within a transaction that does what a claimed row orders: throws `LeaseLostError`, so that nothing of it is done, when
   * somebody else holds the row by now, and nobody takes it before the transaction ends.
   */
  async hold(manager: EntityManager, { id, claimToken }: ClaimedEvent): Promise<void> {
    const rows = await manager.query<unknown[]>(
      `SELECT 1 FROM plugin_lark_inbound_event WHERE id = $1 AND claim_token = $2 AND state = 'claimed' FOR UPDATE`,
      [id, claimToken]
    )
    if (rows.length === 0) throw new LeaseLostError('inbox claim', { id })
  }

  /** Writes a turn's end on its rows, in the transaction that ends the turn; their ids. */
  async endTurn(
    manager: EntityManager,
    turnId: string,
    state: TerminalState,
    reason: string,
    now: Date
  ): Promise<string[]> {
    const result = await manager.query<[{ id: string }[], number]>(
      `UPDATE plugin_lark_inbound_event SET state = $2::varchar, reason = $3, ended_at = $4,
              payload = CASE WHEN $2::varchar <> 'dropped' THEN payload END
       WHERE turn_id = $1 AND state = 'attached' RETURNING id`,
      [turnId, state, reason, now]
    )
    return result[0].map(({ id }) => id)
  }

  /**
   * Accepts a failed event once more, as a row of its own with the key `<old>#<n>`; the old one stays. Two who ask at once
   * get one row. The message's first row is locked before anything is read, as by a recall and by who reopens a turn: each
   * of them sees what the other has done.
   */
  repeat(integrationId: string, id: string, now: Date): Promise<Repetition> {
    return this.dataSource.transaction(async (manager) => {
      await letGo(manager)
      await manager.query(lockFamilies('id'), [id])
      return this.repeatLocked(manager, { integrationId, id, now })
    })
  }

  private async repeatLocked(
    manager: EntityManager,
    { integrationId, id, now }: { integrationId: string; id: string; now: Date }
  ): Promise<Repetition> {
    const rows = await manager.query<{ state: string; isKept: boolean; isTaken: boolean; isNew: boolean }[]>(
      `WITH old AS (SELECT *, ${baseKeyOf('event')} AS base FROM plugin_lark_inbound_event event
                    WHERE id = $1 AND integration_id = $2),
       all_keys AS (SELECT base || coalesce('#' || nullif(number, 0), '') AS dedup_key, number
                    FROM old, generate_series(0, $3::int) AS number),
       family AS (SELECT event.state, key.number FROM old, all_keys key, plugin_lark_inbound_event event
                  WHERE event.inbox_key = old.inbox_key AND event.dedup_key = key.dedup_key),
       verdict AS (SELECT old.state, old.payload IS NOT NULL AS is_kept, old.base, (SELECT max(number) + 1 FROM family) AS number,
                          EXISTS (SELECT 1 FROM family WHERE state IN (${TAKEN})) AS is_taken
                   FROM old),
       again AS (INSERT INTO plugin_lark_inbound_event
                   (id, received_at, inbox_key, dedup_key, lane, event_type, payload, tenant_id, organization_id, integration_id,
                    message_id, chat_id, thread_id, sender_id)
                 SELECT gen_random_uuid(), $4, old.inbox_key, old.base || '#' || verdict.number, lane, event_type, payload, tenant_id,
                        organization_id, integration_id, message_id, chat_id, thread_id, sender_id
                 FROM old, verdict WHERE old.state = 'failed' AND is_kept AND NOT is_taken AND verdict.number <= $3
                 ON CONFLICT (inbox_key, dedup_key) DO NOTHING RETURNING id)
       SELECT state, is_kept AS "isKept", is_taken AS "isTaken", EXISTS (SELECT 1 FROM again) AS "isNew" FROM verdict`,
      [id, integrationId, MOST_REPETITIONS, now]
    )
    const verdict = rows[0]
    if (!verdict) return 'unknown'
    if (verdict.isNew) return 'accepted'
    if (verdict.state !== 'failed') return 'not_failed'
    return verdict.isKept || verdict.isTaken ? 'taken' : 'not_kept'
  }

  /** Scrubs up to `limit` payloads of rows that ended before `before`; answers how many. */
  async scrub(before: Date, limit: number): Promise<number> {
    const result = await this.dataSource.query<[unknown[], number]>(
      `UPDATE plugin_lark_inbound_event SET payload = NULL
       WHERE id IN (SELECT id FROM plugin_lark_inbound_event WHERE payload IS NOT NULL AND ended_at < $1
                    ORDER BY ended_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      [before, limit]
    )
    return result[1]
  }

  /** Deletes up to `limit` ended rows that were received before `before`; answers how many. */
  async deleteOld(before: Date, limit: number): Promise<number> {
    const result = await this.dataSource.query<[unknown[], number]>(
      `DELETE FROM plugin_lark_inbound_event
       WHERE id IN (SELECT id FROM plugin_lark_inbound_event WHERE received_at < $1 AND ended_at IS NOT NULL
                    ORDER BY received_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      [before, limit]
    )
    return result[1]
  }

  private async claimWithin(limit: number, rows: number | null): Promise<{ claims: ClaimedEvent[]; isWhole: boolean }> {
    const found = await this.dataSource.query<ClaimedRow[]>(CLAIM, [limit, CLAIM_SECONDS, rows])
    const claims = found.filter(({ id }) => id !== null).map(toClaimedEvent)
    return { claims, isWhole: rows === null || found[0]!.seen < rows }
  }

  /** @param values of `$3` and so on. Throws `LeaseLostError` when somebody else holds the row by now. */
  private async change(claim: ClaimedEvent, assignments: string, values: readonly unknown[] = []): Promise<void> {
    const result = await this.dataSource.query<[unknown[], number]>(
      `UPDATE plugin_lark_inbound_event SET ${assignments} WHERE id = $1 AND claim_token = $2 AND state = 'claimed'`,
      [claim.id, claim.claimToken, ...values]
    )
    if (result[1] === 0) throw new LeaseLostError('inbox claim', { id: claim.id })
  }
}
