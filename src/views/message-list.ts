import { Injectable } from '@nestjs/common'
import { DataSource } from 'typeorm'
import { ViewData, ViewQuery } from '../host'

const MAX_PAGE_SIZE = 100
const DEFAULT_PAGE_SIZE = 20
const MAX_PAGE = 10_000

/** What a page's query string gives, as a whole number from 1 to `max`. */
const whole = (value: unknown, fallback: number, max: number): number => {
  const number = Math.floor(Number(value ?? fallback))
  return Number.isNaN(number) ? fallback : Math.min(Math.max(number, 1), max)
}

/** Counting stops here: beyond it the exact number helps nobody and costs a scan. */
const COUNT_LIMIT = 10_001

/** The inbox rows of one integration, newest first; ids and outcomes, never texts. */
@Injectable()
export class MessageList {
  constructor(private readonly dataSource: DataSource) {}

  async read(integrationId: string, query: ViewQuery): Promise<ViewData> {
    const pageSize = whole(query.pageSize, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE)
    const offset = (whole(query.page, 1, MAX_PAGE) - 1) * pageSize
    const items = await this.dataSource.query<Record<string, unknown>[]>(
      `SELECT id, received_at AS time, chat_id AS chat, sender_id AS sender, message_id AS message,
              state || coalesce(': ' || reason, '') AS outcome
       FROM plugin_lark_inbound_event WHERE integration_id = $1 ORDER BY received_at DESC, id LIMIT $2 OFFSET $3`,
      [integrationId, pageSize, offset]
    )
    const counted = await this.dataSource.query<{ total: number }[]>(
      `SELECT count(*)::int AS total FROM (
         SELECT 1 FROM plugin_lark_inbound_event WHERE integration_id = $1 LIMIT $2) AS counted`,
      [integrationId, COUNT_LIMIT]
    )
    return { items, total: counted[0]?.total ?? 0 }
  }

  /** How many messages wait, and how many failed. */
  async counts(integrationId: string): Promise<{ waiting: number; failed: number }> {
    const rows = await this.dataSource.query<{ waiting: number; failed: number }[]>(
      `SELECT count(*) FILTER (WHERE state IN ('received', 'claimed', 'attached'))::int AS waiting,
              count(*) FILTER (WHERE state = 'failed')::int AS failed
       FROM plugin_lark_inbound_event
       WHERE integration_id = $1 AND state IN ('received', 'claimed', 'attached', 'failed')`,
      [integrationId]
    )
    return rows[0] ?? { waiting: 0, failed: 0 }
  }
}
