import { randomUUID } from 'node:crypto'
import { LET_GO } from '../shared'
import { SessionScope } from './session-scope'

export interface SessionVisit {
  scope: SessionScope
  senderId: string
  isBot: boolean
  /** Idle longer than this, the scope gets a new session; 0 for never. */
  timeoutSeconds: number
}

export interface OpenSession {
  id: string
  conversationId: string | null
  /** The scope's session that was closed for it, because it was idle for too long. */
  formerId: string | null
}

export interface SessionVisited {
  /** Null where bots have talked to each other for too long. */
  session: OpenSession | null
  /** How many bots in a row have asked in this chat, this one included; 0 for a person. */
  botTurns: number
}

/** Two bots that answer each other would never end; a person's message lets them go on. */
export const MAX_BOT_TURNS = 10

export interface VisitRow extends Omit<OpenSession, 'id'> {
  place: number
  botTurns: number
  id: string | null
}

/** A process that stands still in the middle of a transaction holds up the message of its own session, not all others. */
const LOCK_MS = 2_000

/**
 * `talk` before the sessions, each in one order: so no two of these statements wait for each other. `counted` is sorted, and
 * therefore complete before anything reads of it.
 */
export const VISIT = `
  WITH visit AS (
    SELECT * FROM unnest($1::varchar[], $2::varchar[], $3::varchar[], $4::uuid[], $5::varchar[], $6::varchar[], $7::varchar[],
                         $8::varchar[], $9::varchar[], $10::varchar[], $11::boolean[], $12::int[]) WITH ORDINALITY
      AS visit (integration_id, scope_key, xpert_id, id, tenant_id, organization_id, chat_type, chat_id, thread_id, sender_id,
                is_bot, timeout_seconds, place), (SELECT set_config('lock_timeout', '${LOCK_MS}', true), ${LET_GO}) AS limits),
  talk AS (
    INSERT INTO plugin_lark_bot_talk AS talk (integration_id, chat_id, xpert_id, turns)
    SELECT integration_id, chat_id, xpert_id, is_bot::int FROM visit
    WHERE is_bot OR EXISTS (SELECT 1 FROM plugin_lark_bot_talk former WHERE former.integration_id = visit.integration_id
                            AND former.chat_id = visit.chat_id AND former.xpert_id = visit.xpert_id AND former.turns > 0)
    ORDER BY integration_id, chat_id, xpert_id
    ON CONFLICT (integration_id, chat_id, xpert_id)
    DO UPDATE SET turns = CASE WHEN excluded.turns > 0 THEN talk.turns + 1 ELSE 0 END, counted_at = now()
    RETURNING *),
  counted AS (
    SELECT visit.*, coalesce(turns, 0) AS bot_turns, coalesce(turns, 0) <= ${MAX_BOT_TURNS} AS is_allowed
    FROM visit LEFT JOIN talk USING (integration_id, chat_id, xpert_id) ORDER BY place),
  idle AS (
    UPDATE plugin_lark_session session SET closed_at = $13 FROM counted AS visit
    WHERE session.integration_id = visit.integration_id AND session.scope_key = visit.scope_key
      AND session.xpert_id = visit.xpert_id AND session.closed_at IS NULL
      AND visit.is_allowed AND visit.timeout_seconds > 0
      AND session.last_activity_at < $13::timestamptz - make_interval(secs => visit.timeout_seconds)
      AND NOT EXISTS (SELECT 1 FROM plugin_lark_turn turn WHERE turn.session_id = session.id
                      AND turn.state IN ('window', 'waiting', 'running'))
    RETURNING visit.place, session.id),
  opened AS (
    INSERT INTO plugin_lark_session AS session (integration_id, scope_key, xpert_id, id, tenant_id, organization_id, chat_type,
                                                chat_id, thread_id, sender_id, created_at, last_activity_at)
    SELECT integration_id, scope_key, xpert_id, visit.id, tenant_id, organization_id, chat_type, chat_id, thread_id, sender_id,
           $13, $13
    FROM counted AS visit LEFT JOIN idle USING (place) WHERE is_allowed ORDER BY integration_id, scope_key, xpert_id
    ON CONFLICT (integration_id, scope_key, xpert_id) WHERE closed_at IS NULL
    DO UPDATE SET last_activity_at = excluded.last_activity_at, sender_id = excluded.sender_id
    RETURNING *)
  SELECT visit.place::int AS place, opened.id, conversation_id AS "conversationId", visit.bot_turns AS "botTurns",
         (SELECT id FROM idle WHERE idle.place = visit.place) AS "formerId"
  FROM counted AS visit LEFT JOIN opened USING (integration_id, scope_key, xpert_id)`

export const visitParameters = (visits: readonly SessionVisit[], now: Date): unknown[] => {
  const of = <T>(value: (visit: SessionVisit) => T): T[] => visits.map(value)
  return [
    of(({ scope }) => scope.integrationId),
    of(({ scope }) => scope.scopeKey),
    of(({ scope }) => scope.xpertId),
    of(() => randomUUID()),
    of(({ scope }) => scope.tenantId),
    of(({ scope }) => scope.organizationId),
    of(({ scope }) => scope.chatType),
    of(({ scope }) => scope.chatId),
    of(({ scope }) => scope.threadId ?? null),
    of(({ senderId }) => senderId),
    of(({ isBot }) => isBot),
    of(({ timeoutSeconds }) => timeoutSeconds),
    now
  ]
}

/** In the order of the visits, whatever that of the rows. */
export const toVisited = (rows: readonly VisitRow[]): SessionVisited[] =>
  [...rows]
    .sort((one, other) => one.place - other.place)
    .map(({ place: _, botTurns, id, ...session }) => ({ botTurns, session: id ? { id, ...session } : null }))
