import { Injectable } from '@nestjs/common'
import { randomUUID } from 'node:crypto'
import { DataSource } from 'typeorm'
import { LeaseLostError } from '../shared'
import { ReplyPhase } from './reply-phase'

const LEASE_SECONDS = 15

/** One answer, held by this process until `release` or the lease's expiry. */
export interface HeldReply {
  turnId: string
  flushToken: string
  phase: ReplyPhase
  messageId: string | null
  lastFrameAt: Date | null
  /** A card may have been sent whose id nobody noted: its first answer was ambiguous, or the sender died. */
  maybeSent: boolean
}

interface LedgerRow {
  turn_id: string
  flush_token: string
  phase: ReplyPhase
  message_id: string | null
  last_frame_at: Date | null
  is_new: boolean
}

export interface ReplyOwner {
  turnId: string
  integrationId: string
  chatId: string
}

/** Every statement over the reply ledger. The lease lives on the database's clock; every write repeats its token. */
@Injectable()
export class ReplyLedger {
  constructor(private readonly dataSource: DataSource) {}

  /** Opens the ledger row if need be and takes the flush lease; null while somebody else holds it. */
  async acquire(owner: ReplyOwner): Promise<HeldReply | null> {
    const rows = await this.dataSource.query<LedgerRow[]>(
      `INSERT INTO plugin_lark_reply AS reply (turn_id, integration_id, chat_id, flush_token, flush_expires_at)
       VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5))
       ON CONFLICT (turn_id) DO UPDATE SET flush_token = excluded.flush_token, flush_expires_at = excluded.flush_expires_at
       WHERE reply.flush_expires_at IS NULL OR reply.flush_expires_at < now()
       RETURNING turn_id, flush_token, phase, message_id, last_frame_at, xmax = 0 AS is_new`,
      [owner.turnId, owner.integrationId, owner.chatId, randomUUID(), LEASE_SECONDS]
    )
    const row = rows[0]
    return row
      ? {
          turnId: row.turn_id,
          flushToken: row.flush_token,
          phase: row.phase,
          messageId: row.message_id,
          lastFrameAt: row.last_frame_at,
          maybeSent: !row.is_new && row.message_id === null
        }
      : null
  }

  /** Writes what was shown and extends the lease. */
  async save(reply: HeldReply): Promise<void> {
    await this.write(
      reply,
      `phase = $3, message_id = $4, last_frame_at = $5, updated_at = now(),
       flush_expires_at = now() + make_interval(secs => $6)`,
      [reply.phase, reply.messageId, reply.lastFrameAt, LEASE_SECONDS]
    )
  }

  async renew(reply: HeldReply): Promise<void> {
    await this.write(reply, `flush_expires_at = now() + make_interval(secs => $3)`, [LEASE_SECONDS])
  }

  async release(reply: HeldReply): Promise<void> {
    await this.write(reply, `flush_token = NULL, flush_expires_at = NULL`, [])
  }

  private async write(reply: HeldReply, set: string, values: unknown[]): Promise<void> {
    const result = await this.dataSource.query<[unknown[], number]>(
      `UPDATE plugin_lark_reply SET ${set} WHERE turn_id = $1 AND flush_token = $2`,
      [reply.turnId, reply.flushToken, ...values]
    )
    if (result[1] === 0) throw new LeaseLostError('reply lease', { turn: reply.turnId })
  }
}
