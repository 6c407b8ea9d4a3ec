import { Injectable } from '@nestjs/common'
import { DataSource } from 'typeorm'
import { containing } from '../directory'
import { LarkFault } from '../lark'
import { isUuid } from '../shared'
import { MessageSearch } from './message-search'
import { isName, isNamed } from './named-rows'

export interface MessageRow {
  id: string
  receivedAt: Date
  endedAt: Date | null
  dispatchedAt: Date | null
  state: string
  reason: string | null
  chatId: string | null
  chatName: string | null
  senderId: string | null
  senderName: string | null
  messageId: string | null
  executionId: string | null
  /** Of its turn, where it has one. */
  turnState: string | null
  /** What Lark last said to its answer, where it does not take it. */
  fault: LarkFault | null
  /** Nothing more happens until it is tried again. */
  isPutOff: boolean
  /** Only when it is asked for. */
  payload: string | null
}

export interface MessageQuery extends MessageSearch {
  withPayload: boolean
  ascending: boolean
  limit: number
  offset: number
}

/** The ids that are UUIDs, and the turns behind them: a run is searched by what it belongs to, the execution or the conversation. */
const TURNS = `coalesce(array_cat($7::uuid[], ARRAY(
  SELECT turn.id FROM plugin_lark_session session JOIN plugin_lark_turn turn ON turn.session_id = session.id
  WHERE cardinality($7::uuid[]) > 0 AND session.integration_id = $1
    AND (session.conversation_id = ANY($6) OR turn.execution_id = ANY($7::uuid[])))), '{}')`

/** $1 integration, $2 from, $3 until, $4 states, $5 reasons, $6 ids, $7 the ids that are UUIDs. */
const FITS = `event.integration_id = $1 AND event.received_at >= $2 AND event.received_at < $3
  AND (cardinality($4::text[]) = 0 OR event.state = ANY($4))
  AND (cardinality($5::text[]) = 0 OR event.reason = ANY($5))
  AND (cardinality($6::text[]) = 0 OR event.message_id = ANY($6) OR event.chat_id = ANY($6) OR event.sender_id = ANY($6)
       OR event.thread_id = ANY($6) OR event.id = ANY($7::uuid[]) OR event.turn_id = ANY(${TURNS}))`

/** Of several ids each must fit: the message of a chat and of a sender. */
const EACH = `(cardinality($6::text[]) < 2 OR NOT EXISTS (
  SELECT 1 FROM unnest($6::text[]) AS wanted (id)
  WHERE wanted.id <> ALL (ARRAY[coalesce(event.message_id, ''), coalesce(event.chat_id, ''), coalesce(event.sender_id, ''),
                                coalesce(event.thread_id, ''), event.id::text, coalesce(event.turn_id::text, '')])
    AND NOT EXISTS (SELECT 1 FROM plugin_lark_turn turn JOIN plugin_lark_session session ON session.id = turn.session_id
                    WHERE turn.id = event.turn_id
                      AND (turn.execution_id::text = wanted.id OR session.conversation_id = wanted.id))))`

/** Of several names each must fit, too. One that nobody has is not looked for among all messages. */
const nameIs = (pattern: string): string => `${isName(pattern)} AND ${isNamed('event', pattern)}`

/** What is wanted, with its parameters; a statement's own come behind them. */
const conditions = (integrationId: string, search: MessageSearch): { where: string; values: unknown[] } => {
  const { from, until, states, reasons, ids, names } = search
  const values: unknown[] = [integrationId, from, until, states, reasons, ids, ids.filter(isUuid)]
  const patterns = names.map((name) => `$${values.push(containing(name))}`)
  return { where: [FITS, EACH, ...patterns.map(nameIs)].join(' AND '), values }
}

/** The Messages tab's statements over the inbox rows of one integration, read-only; never a text unless it is asked for. */
@Injectable()
export class MessageList {
  constructor(private readonly dataSource: DataSource) {}

  page(integrationId: string, query: MessageQuery): Promise<MessageRow[]> {
    const direction = query.ascending ? 'ASC' : 'DESC'
    const { where, values } = conditions(integrationId, query)
    const own = values.length
    return this.dataSource.query<MessageRow[]>(
      `SELECT event.id, event.received_at AS "receivedAt", event.ended_at AS "endedAt", turn.dispatched_at AS "dispatchedAt",
              event.state, event.reason, event.chat_id AS "chatId", chat.name AS "chatName", event.sender_id AS "senderId",
              person.name AS "senderName", event.message_id AS "messageId", turn.execution_id AS "executionId",
              turn.state AS "turnState", reply.fault, event.attempts > 0 OR event.available_at > now() AS "isPutOff",
              CASE WHEN $${own + 1}::boolean THEN event.payload END AS payload
       FROM (SELECT * FROM plugin_lark_inbound_event event WHERE ${where}
             ORDER BY received_at ${direction}, id LIMIT $${own + 2} OFFSET $${own + 3}) event
       LEFT JOIN plugin_lark_chat chat ON chat.integration_id = $1 AND chat.chat_id = event.chat_id
       LEFT JOIN plugin_lark_user person ON person.integration_id = $1 AND person.open_id = event.sender_id
       LEFT JOIN plugin_lark_turn turn ON turn.id = event.turn_id
       LEFT JOIN plugin_lark_reply reply ON reply.turn_id = event.turn_id
       ORDER BY event.received_at ${direction}, event.id`,
      [...values, query.withPayload, query.limit, query.offset]
    )
  }

  /** Up to `limit`. */
  async count(integrationId: string, query: MessageSearch, limit: number): Promise<number> {
    const { where, values } = conditions(integrationId, query)
    const rows = await this.dataSource.query<{ total: number }[]>(
      `SELECT count(*)::int AS total FROM (
         SELECT 1 FROM plugin_lark_inbound_event event WHERE ${where} LIMIT $${values.length + 1}) AS counted`,
      [...values, limit]
    )
    return rows[0]?.total ?? 0
  }

  /** How many messages wait, and how many failed, up to `limit` each, and when the last one came. */
  async counts(
    integrationId: string,
    limit: number
  ): Promise<{ waiting: number; failed: number; lastReceivedAt: Date | null }> {
    const of = (states: string): string =>
      `(SELECT count(*)::int FROM (SELECT 1 FROM plugin_lark_inbound_event
        WHERE integration_id = $1 AND state IN (${states}) LIMIT $2) AS counted)`
    const rows = await this.dataSource.query<{ waiting: number; failed: number; lastReceivedAt: Date | null }[]>(
      `SELECT ${of(`'received', 'claimed', 'attached'`)} AS waiting, ${of(`'failed'`)} AS failed,
              (SELECT max(received_at) FROM plugin_lark_inbound_event WHERE integration_id = $1) AS "lastReceivedAt"`,
      [integrationId, limit]
    )
    return rows[0] ?? { waiting: 0, failed: 0, lastReceivedAt: null }
  }
}
