import { Injectable } from '@nestjs/common'
import { randomUUID } from 'node:crypto'
import { DataSource, EntityManager } from 'typeorm'
import { LeaseLostError } from '../shared'
import { confirm, HeldReply, heldOf, LedgerRow, partsOf } from './held-reply'
import { ReplyPhase } from './reply-phase'

const LEASE_SECONDS = 15

/** What was not confirmed within half of it is asked before anything is shown: a process may have stood still since. */
const BELIEVED_MS = (LEASE_SECONDS * 1000) / 2

/** A reaction beside an answer at rest is removed by anybody after this long, and again: who showed the end does it at once. */
const SIGN_SECONDS = 60

/** The reaction on the message of one turn. */
export interface NotedSign {
  turnId: string
  reactionId: string
}

export interface ReplyOwner {
  turnId: string
  integrationId: string
  chatId: string
}

const COLUMNS = `turn_id, flush_token, phase, form, message_id, card_id, sequence, parts, last_frame_at, sending_since,
                 streaming_since, reaction_id, text, fault`

const RESTING = `'complete', 'failed', 'stopped'`

const leaseLost = (turnId: string): LeaseLostError => new LeaseLostError('reply lease', { turn: turnId })

/** Every statement over the reply ledger. The lease lives on the database's clock; every write repeats its token. */
@Injectable()
export class ReplyLedger {
  constructor(private readonly dataSource: DataSource) {}

  /** Which answer a message is. Texts of most are not kept. */
  async answersAmong(
    integrationId: string,
    messageIds: readonly string[]
  ): Promise<{ messageId: string; turnId: string; text: string | null }[]> {
    if (messageIds.length === 0) return []
    return this.dataSource.query(
      `SELECT message_id AS "messageId", turn_id AS "turnId", text FROM plugin_lark_reply
       WHERE message_id = ANY ($1) AND integration_id = $2`,
      [messageIds, integrationId]
    )
  }

  /** Opens the ledger row if need be and takes the flush lease; null while somebody else holds it. */
  async acquire(owner: ReplyOwner): Promise<HeldReply | null> {
    const askedAt = performance.now()
    const rows = await this.dataSource.query<LedgerRow[]>(
      `INSERT INTO plugin_lark_reply AS reply (turn_id, integration_id, chat_id, flush_token, flush_expires_at)
       VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5))
       ON CONFLICT (turn_id) DO UPDATE SET flush_token = excluded.flush_token, flush_expires_at = excluded.flush_expires_at
       WHERE reply.flush_expires_at IS NULL OR reply.flush_expires_at < now()
       RETURNING ${COLUMNS}`,
      [owner.turnId, owner.integrationId, owner.chatId, randomUUID(), LEASE_SECONDS]
    )
    return rows[0] ? heldOf(rows[0], askedAt) : null
  }

  /**
   * Writes what was shown and extends the lease, or ends it with `released`. Learns of a reaction noted meanwhile. Of an answer
   * that was at rest before, its text is kept no longer for that.
   * @param isAtRest nothing more says that the answer is coming: its reaction is due to be removed
   */
  async save(reply: HeldReply, isAtRest = false): Promise<void> {
    const { current } = reply
    const askedAt = performance.now()
    const rows = await this.write<{ reaction_id: string | null }>(
      reply,
      `phase = $3, form = $4, message_id = $5, card_id = $6, sequence = $7, parts = $8, last_frame_at = $9,
       sending_since = $10, streaming_since = $11, text = $12, fault = $16,
       updated_at = CASE WHEN phase IN (${RESTING}) THEN updated_at ELSE now() END,
       sign_due_at = CASE WHEN NOT $15 THEN sign_due_at
                          WHEN reaction_id IS NOT NULL THEN now() + make_interval(secs => $17) END,
       flush_token = CASE WHEN $13 THEN NULL ELSE flush_token END,
       flush_expires_at = CASE WHEN $13 THEN NULL ELSE now() + make_interval(secs => $14) END`,
      [
        reply.phase,
        reply.form,
        current.messageId,
        current.cardId,
        current.sequence,
        partsOf(reply),
        reply.lastFrameAt,
        reply.sendingSince,
        reply.streamingSince,
        reply.text,
        reply.released === true,
        LEASE_SECONDS,
        isAtRest,
        reply.fault && JSON.stringify(reply.fault),
        SIGN_SECONDS
      ]
    )
    confirm(reply, askedAt)
    reply.reactionId = rows[0]?.reaction_id ?? null
  }

  async renew(reply: HeldReply): Promise<void> {
    const askedAt = performance.now()
    await this.write(reply, `flush_expires_at = now() + make_interval(secs => $3)`, [LEASE_SECONDS])
    confirm(reply, askedAt)
  }

  /** Throws `LeaseLostError` where this process may show nothing any more. Asks the database only when it last did a while ago. */
  async prove(reply: HeldReply, now = performance.now()): Promise<void> {
    if (reply.isLost) throw leaseLost(reply.turnId)
    if (now - reply.confirmedAt >= BELIEVED_MS) await this.renew(reply)
  }

  async release(reply: HeldReply): Promise<void> {
    reply.released = true
    await this.write(reply, `flush_token = NULL, flush_expires_at = NULL`, [])
  }

  /** Remembers the reaction that says that the answer is coming; answers how far that is by now, and the reaction before it. */
  async noteReaction(owner: ReplyOwner, reactionId: string): Promise<{ phase: ReplyPhase; former: string | null }> {
    const rows = await this.dataSource.query<{ phase: ReplyPhase; former: string | null }[]>(
      `WITH former AS MATERIALIZED (SELECT reaction_id FROM plugin_lark_reply WHERE turn_id = $1)
       INSERT INTO plugin_lark_reply AS reply (turn_id, integration_id, chat_id, reaction_id) VALUES ($1, $2, $3, $4)
       ON CONFLICT (turn_id) DO UPDATE SET reaction_id = excluded.reaction_id,
         sign_due_at = CASE WHEN reply.phase IN (${RESTING}) THEN now() + make_interval(secs => $5) END
       RETURNING phase, (SELECT reaction_id FROM former) AS former`,
      [owner.turnId, owner.integrationId, owner.chatId, reactionId, SIGN_SECONDS]
    )
    return rows[0] ?? { phase: 'idle', former: null }
  }

  async forgetReaction(reply: HeldReply): Promise<void> {
    await this.write(reply, `reaction_id = NULL, sign_due_at = NULL`, [])
  }

  /** These reactions are gone. One that was noted again meanwhile, when the answer started over, stays. */
  async forgetSigns(signs: readonly NotedSign[]): Promise<void> {
    await this.dataSource.query(
      `UPDATE plugin_lark_reply reply SET reaction_id = NULL, sign_due_at = NULL
       FROM unnest($1::uuid[], $2::varchar[]) AS gone (turn_id, reaction_id)
       WHERE reply.turn_id = gone.turn_id AND reply.reaction_id = gone.reaction_id AND reply.sign_due_at IS NOT NULL`,
      [signs.map(({ turnId }) => turnId), signs.map(({ reactionId }) => reactionId)]
    )
  }

  /** Up to `limit` reactions that are due to be removed, each handed to one caller, and to the next one after a while. */
  async takeLeftSigns(limit: number): Promise<NotedSign[]> {
    const result = await this.dataSource.query<[{ turnId: string; reactionId: string | null }[], number]>(
      `UPDATE plugin_lark_reply SET sign_due_at = CASE WHEN reaction_id IS NOT NULL THEN now() + make_interval(secs => $2) END
       WHERE turn_id IN (SELECT turn_id FROM plugin_lark_reply WHERE sign_due_at < now()
                         ORDER BY sign_due_at LIMIT $1 FOR UPDATE SKIP LOCKED)
       RETURNING turn_id AS "turnId", reaction_id AS "reactionId"`,
      [limit, SIGN_SECONDS]
    )
    return result[0].flatMap(({ turnId, reactionId }) => (reactionId === null ? [] : [{ turnId, reactionId }]))
  }

  async keepText(manager: EntityManager, { turnId, flushToken }: HeldReply, markdown: string): Promise<void> {
    const result = await manager.query<[unknown[], number]>(
      `UPDATE plugin_lark_reply SET text = $3 WHERE turn_id = $1 AND flush_token = $2`,
      [turnId, flushToken, markdown]
    )
    if (result[1] === 0) throw leaseLost(turnId)
  }

  /** The answer ends as `markdown`, which its card may not show. */
  async leave(manager: EntityManager, { turnId, flushToken }: HeldReply, markdown: string): Promise<void> {
    const result = await manager.query<[unknown[], number]>(
      `UPDATE plugin_lark_reply SET phase = 'failed', text = $3, updated_at = now(),
              sign_due_at = CASE WHEN reaction_id IS NOT NULL THEN now() + make_interval(secs => $4) END
       WHERE turn_id = $1 AND flush_token = $2`,
      [turnId, flushToken, markdown, SIGN_SECONDS]
    )
    if (result[1] === 0) throw leaseLost(turnId)
  }

  /** A line that the answer goes on with, such as who decided what; in the transaction that lets it go on. */
  async append(manager: EntityManager, turnId: string, markdown: string): Promise<void> {
    await manager.query(
      `UPDATE plugin_lark_reply SET text = concat_ws(E'\\n\\n', nullif(text, ''), $2::text) WHERE turn_id = $1`,
      [turnId, markdown]
    )
  }

  /** The answer starts over, on the same message. */
  async reopen(manager: EntityManager, turnId: string): Promise<void> {
    await manager.query(
      `UPDATE plugin_lark_reply SET phase = 'streaming', text = NULL, fault = NULL WHERE turn_id = $1`,
      [turnId]
    )
  }

  /** Nothing more comes to the answers of an integration that is removed: what they say is forgotten in time. */
  async restAll(manager: EntityManager, integrationId: string): Promise<void> {
    await manager.query(
      `UPDATE plugin_lark_reply SET phase = 'stopped', updated_at = now()
       WHERE text IS NOT NULL AND integration_id = $1 AND phase NOT IN (${RESTING})`,
      [integrationId]
    )
  }

  /** Forgets up to `limit` texts that nobody changes any more, last changed before `before`; answers how many. */
  async scrub(before: Date, limit: number): Promise<number> {
    const result = await this.dataSource.query<[unknown[], number]>(
      `UPDATE plugin_lark_reply SET text = NULL
       WHERE turn_id IN (SELECT turn_id FROM plugin_lark_reply WHERE updated_at < $1 AND text IS NOT NULL
                           AND phase IN (${RESTING})
                         ORDER BY updated_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      [before, limit]
    )
    return result[1]
  }

  /** Forgets the replies of turns that are deleted in the same transaction. */
  async remove(manager: EntityManager, turnIds: readonly string[]): Promise<void> {
    await manager.query(`DELETE FROM plugin_lark_reply WHERE turn_id = ANY ($1)`, [turnIds])
  }

  private async write<Row = unknown>(reply: HeldReply, set: string, values: unknown[]): Promise<Row[]> {
    const result = await this.dataSource.query<[Row[], number]>(
      `UPDATE plugin_lark_reply SET ${set} WHERE turn_id = $1 AND flush_token = $2 RETURNING reaction_id`,
      [reply.turnId, reply.flushToken, ...values]
    )
    if (result[1] > 0) return result[0]
    reply.isLost = true
    throw leaseLost(reply.turnId)
  }
}
