import { randomUUID } from 'node:crypto'
import { NewInboundEvent } from './inbox'

export interface AcceptedEvent {
  event: NewInboundEvent
  receivedAt: Date
}

export interface AcceptStatement {
  sql: string
  values: unknown[]
  /** Of the new rows, in the order of the events; the statement returns those that were stored. */
  ids: string[]
}

const COLUMNS = `id, received_at, inbox_key, dedup_key, lane, event_type, payload, tenant_id, organization_id, integration_id,
  message_id, chat_id, thread_id, sender_id`
const WIDTH = COLUMNS.split(',').length

const rowOf = (id: string, { event, receivedAt }: AcceptedEvent): unknown[] => [
  id,
  receivedAt,
  event.inboxKey,
  event.dedupKey,
  event.lane,
  event.eventType,
  event.payload,
  event.tenantId,
  event.organizationId,
  event.integrationId,
  event.messageId ?? null,
  event.chatId ?? null,
  event.threadId ?? null,
  event.senderId ?? null
]

const insertOf = (rows: number): string => {
  const places = Array.from({ length: rows }, (_row, row) =>
    Array.from({ length: WIDTH }, (_column, column) => `$${row * WIDTH + column + 1}`).join(', ')
  )
  return `INSERT INTO plugin_lark_inbound_event (${COLUMNS})
          VALUES (${places.join('), (')}) ON CONFLICT (inbox_key, dedup_key) DO NOTHING RETURNING id`
}

/** By their number of rows: there are as many as a group may have events. */
const inserts = new Map<number, string>()

/** The rows are given their position in the order of the list. For one row a list is planned in half the time of `unnest`. */
export const acceptStatement = (accepted: readonly AcceptedEvent[]): AcceptStatement => {
  const ids = accepted.map(() => randomUUID())
  const sql = inserts.get(accepted.length) ?? insertOf(accepted.length)
  inserts.set(accepted.length, sql)
  return { sql, values: accepted.flatMap((one, place) => rowOf(ids[place]!, one)), ids }
}
