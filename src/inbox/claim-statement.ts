import { ClaimedEvent } from './inbox-handler'

/** Of each claimed event; where there is none, one row in which everything but `seen` is null. */
export interface ClaimedRow {
  /** Open rows that were looked at. */
  seen: number
  id: string
  claim_token: string
  attempts: number
  event_type: string
  payload: string | null
  tenant_id: string
  organization_id: string | null
  integration_id: string
  message_id: string | null
  chat_id: string | null
  thread_id: string | null
  sender_id: string | null
  received_at: Date
}

export const toClaimedEvent = (row: ClaimedRow): ClaimedEvent => ({
  id: row.id,
  claimToken: row.claim_token,
  attempt: row.attempts,
  eventType: row.event_type,
  payload: row.payload ?? '',
  tenantId: row.tenant_id,
  organizationId: row.organization_id,
  integrationId: row.integration_id,
  messageId: row.message_id,
  chatId: row.chat_id,
  threadId: row.thread_id,
  senderId: row.sender_id,
  receivedAt: row.received_at
})

/**
 * So many open rows are looked at, and more only where these have not enough to give: a backlog makes no claim dearer. The first
 * look reaches beyond what three instances have in work; null is for all.
 */
export const FRONTS: readonly (number | null)[] = [256, 1_000, null]

/**
 * `$1` lanes at most, for `$2` seconds, among the first `$3` open rows (null for all).
 *
 * Of the first open rows, the first of each lane is the lane's head: no row has to be compared with others, so the statement
 * grows with the rows that it looks at under any plan. Another worker may be about to claim the same heads: some more are
 * tried. The rows are chosen in a CTE of their own: as a subquery of the update, some plans run it once per row and claim
 * more than the limit.
 */
export const CLAIM = `
  WITH front AS MATERIALIZED (
    SELECT id, lane, position,
           CASE state WHEN 'received' THEN available_at <= now() ELSE claim_expires_at < now() END AS is_ready
    FROM plugin_lark_inbound_event WHERE state IN ('received', 'claimed') ORDER BY position LIMIT $3),
  heads AS (SELECT DISTINCT ON (lane) id, position, is_ready FROM front ORDER BY lane, position),
  head AS MATERIALIZED (
    SELECT id FROM plugin_lark_inbound_event
    WHERE id = ANY (ARRAY(SELECT id FROM heads WHERE is_ready ORDER BY position LIMIT $1 * 4))
      AND CASE state WHEN 'received' THEN available_at <= now() WHEN 'claimed' THEN claim_expires_at < now() END
    ORDER BY position LIMIT $1 FOR UPDATE SKIP LOCKED),
  claimed AS (
    UPDATE plugin_lark_inbound_event event SET state = 'claimed', claim_token = gen_random_uuid(), attempts = attempts + 1,
           claim_expires_at = now() + make_interval(secs => $2)
    FROM head WHERE event.id = head.id
    RETURNING event.id, claim_token, attempts, event_type, payload, tenant_id, organization_id, integration_id, message_id,
              chat_id, thread_id, sender_id, received_at)
  SELECT (SELECT count(*)::int FROM front) AS seen, claimed.* FROM (SELECT) AS always LEFT JOIN claimed ON true`
