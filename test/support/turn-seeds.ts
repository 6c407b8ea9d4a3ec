import { deterministicUuid } from '../../src/shared'
import { TestDatabase } from './database'

/** A turn and the session it is in; each in a scope of its own where nothing else is said. */
export interface TurnSeed {
  /** Turns of one name share a session. */
  session?: string
  integrationId?: string
  scopeKey?: string
  xpertId?: string
  chatId?: string
  closedAt?: Date
  state?: string
  senderId?: string
  attempt?: string
  executionId?: string
  sentAt?: Date
  /** Null: nothing is left of what was said. */
  text?: string | null
  /** Columns of the turn that are simply set. */
  columns?: Record<string, unknown>
}

export const turnId = (name: string): string => deterministicUuid(`turn ${name}`)
export const sessionId = (name: string): string => deterministicUuid(`session ${name}`)
export const uuid = deterministicUuid

const SESSION = `
  INSERT INTO plugin_lark_session (id, integration_id, tenant_id, scope_key, xpert_id, chat_type, chat_id, created_at,
                                   last_activity_at, closed_at)
  VALUES ($1, $2, 'tenant', $3, $4, 'p2p', $7, $5, $5, $6) ON CONFLICT (id) DO NOTHING`

const TURN = `
  INSERT INTO plugin_lark_turn (id, session_id, position, state, sender_id, messages, anchor_message_id, attempt, attempt_number,
                                execution_id, created_at)
  VALUES ($1, $2, (SELECT count(*) + 1 FROM plugin_lark_turn), $3, $4, $5, $6, $7, 1, $8, $9)`

/** Writes a turn as it stands in the table, without the way it came there. */
export async function seedTurn(database: TestDatabase, name: string, seed: TurnSeed, now: Date): Promise<void> {
  const session = sessionId(seed.session ?? name)
  await database.query(SESSION, [
    session,
    seed.integrationId ?? 'integration',
    seed.scopeKey ?? `direct:${seed.session ?? name}`,
    seed.xpertId ?? 'xpert',
    now,
    seed.closedAt ?? null,
    seed.chatId ?? 'oc_1'
  ])
  const senderId = seed.senderId ?? 'ou_1'
  const sentAt = seed.sentAt?.toISOString()
  const { text = 'a question' } = seed
  const message = { messageId: `om ${name}`, senderId, ...(sentAt && { sentAt }), ...(text !== null && { text }) }
  await database.query(TURN, [
    turnId(name),
    session,
    seed.state ?? 'running',
    senderId,
    JSON.stringify([message]),
    message.messageId,
    uuid(seed.attempt ?? 'attempt'),
    uuid(seed.executionId ?? 'execution'),
    now
  ])
  for (const [column, value] of Object.entries(seed.columns ?? {})) {
    await database.query(`UPDATE plugin_lark_turn SET ${column} = $2 WHERE id = $1`, [turnId(name), value])
  }
}
