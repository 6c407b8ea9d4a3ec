import { ResumeRequest } from '../host'
import { TurnMessage, TurnOptions } from './turn.entity'

/** A turn that holds its session, with what a dispatch and a reply need. */
export interface RunningTurn {
  id: string
  sessionId: string
  attempt: string
  /** 1 for the first dispatch of a question. */
  attemptNumber: number
  executionId: string
  runStartedAt: number | null
  appliedSequence: number
  messages: TurnMessage[]
  senderId: string
  anchorMessageId: string
  options: TurnOptions | null
  /** What this attempt continues; null when it asks the whole question. */
  resume: ResumeRequest | null
  /** Milliseconds since it began to hold its session, when it was read. */
  startedMsAgo: number
  /** Somebody asked to stop it, and why it then ends. */
  stopReason: string | null
  /** The host took the cancel so long ago that the run is over, with or without a word, and none can come any more. */
  isCancelled: boolean
  /** `performance.now()` at which the database last said that its dispatch is this process's. */
  heldAt?: number
  tenantId: string
  organizationId: string | null
  integrationId: string
  xpertId: string
  chatType: string
  chatId: string
  threadId: string | null
  conversationId: string | null
  /** How many runs in a row the host refused in its session, as far as was known when it was read. */
  refusedRuns: number
}

/** Seconds after which anybody may dispatch a started turn whose dispatch was not noted: its starter died. */
export const DISPATCH_SECONDS = 10

/** A cancelled run says its last word within about 0.3 s of the host's answer (host-observed 41); a dispatch that still waited has none. */
export const CANCEL_SECONDS = 2

/** Nobody may have taken the cancel: then a stopped turn ends all the same. */
const UNCANCELLED_SECONDS = 20

export const RUNNING_TURN = `
  SELECT turn.id, turn.session_id AS "sessionId", turn.attempt, turn.attempt_number AS "attemptNumber",
         turn.execution_id AS "executionId", turn.run_started_at::float8 AS "runStartedAt",
         turn.applied_sequence AS "appliedSequence", turn.messages, turn.sender_id AS "senderId",
         turn.anchor_message_id AS "anchorMessageId", turn.options, turn.resume, turn.stop_reason AS "stopReason",
         (extract(epoch FROM now() - coalesce(turn.started_at, turn.created_at)) * 1000)::float8 AS "startedMsAgo",
         (turn.stopped_at + interval '${UNCANCELLED_SECONDS} seconds' <= now()
          OR turn.deadline IS NULL AND turn.cancelled_at + interval '${CANCEL_SECONDS} seconds' <= now()) IS TRUE AS "isCancelled",
         session.tenant_id AS "tenantId", session.organization_id AS "organizationId",
         session.integration_id AS "integrationId", session.xpert_id AS "xpertId", session.chat_type AS "chatType",
         session.chat_id AS "chatId", session.thread_id AS "threadId", session.conversation_id AS "conversationId",
         session.refused_runs AS "refusedRuns"
  FROM plugin_lark_turn turn JOIN plugin_lark_session session ON session.id = turn.session_id`

/** What of a message is private: its text, and names of its files. */
export const WORDS = `'{text,material}'::text[]`

/** Nobody reads a message's text after its turn, nor who spoke; the ids stay for the admin. */
export const WITHOUT_TEXTS = `
  messages = (SELECT coalesce(jsonb_agg(message - ${WORDS} ORDER BY place), '[]')
              FROM jsonb_array_elements(messages) WITH ORDINALITY AS part (message, place)),
  options = options - 'speaker'`

/** When the first message of a turn was sent; ISO times of Lark's clock compare as texts. */
export const SENT_AT = `coalesce(messages -> 0 ->> 'sentAt', '')`

export const ENDED = `state = 'ended', deadline = NULL, operation = NULL`

/** Nothing of the former attempt counts any more. */
export const NEW_ATTEMPT = `
  attempt = gen_random_uuid(), run_started_at = NULL, applied_sequence = 0, dispatched_at = NULL, heard_at = NULL,
  stopped_at = NULL, stop_reason = NULL, cancelled_at = NULL`

/** Free for another dispatch, from now on. */
export const FRESH_ATTEMPT = `${NEW_ATTEMPT}, started_at = now()`

/** Behind whoever holds the session `session_id`; the caller has locked it. */
export const NEXT_STATE = `
  CASE WHEN EXISTS (SELECT 1 FROM plugin_lark_turn other WHERE other.session_id = turn.session_id
                    AND other.state IN ('waiting', 'running')) THEN 'waiting' ELSE 'running' END`
