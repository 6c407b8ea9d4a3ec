import { Client } from 'pg'
import type { HostRun, XpertHost } from '../xpert-host/client'
import type { Company } from '../start/company'

const INBOX_ROWS = 100

export interface AdminData {
  integrations: unknown[]
  experts: { id: string; name: string; runs: HostRun[] }[]
  /** Newest first, without payload. */
  inbox: Record<string, unknown>[]
}

/** What the admin page shows, read afresh at each call. */
export async function readAdminData(host: XpertHost, databaseUrl: string, { bots }: Company): Promise<AdminData> {
  const session = host.login('admin')
  const experts = Object.values(bots).map(async ({ expertId, app }) => ({
    id: expertId,
    name: app.name,
    runs: (await session.runs(expertId)).slice().reverse()
  }))
  const [list, inbox] = await Promise.all([
    session.request<{ items: unknown[] }>('GET', '/api/integration'),
    readInbox(databaseUrl)
  ])
  return { integrations: list.body.items, experts: await Promise.all(experts), inbox }
}

async function readInbox(databaseUrl: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<Record<string, unknown>>(
      `SELECT received_at, state, reason, event_type, attempts, integration_id, message_id, chat_id, sender_id, turn_id, ended_at
       FROM plugin_lark_inbound_event ORDER BY received_at DESC LIMIT $1`,
      [INBOX_ROWS]
    )
    return rows
  } finally {
    await client.end()
  }
}
