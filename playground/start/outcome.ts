import { Client } from 'pg'

export type OutcomeRow = Record<string, unknown>

/** What the plugin noted about a message, without the payload. Throws when it can not be read. */
export async function outcomeRows(databaseUrl: string, messageId: string): Promise<OutcomeRow[]> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<OutcomeRow>(
      'SELECT * FROM plugin_lark_inbound_event WHERE message_id = $1 ORDER BY received_at',
      [messageId]
    )
    return rows.map(({ payload: _payload, ...row }) => row)
  } finally {
    await client.end()
  }
}

/** The same for people, one `column value` a line. */
export const describeRows = (messageId: string, rows: readonly OutcomeRow[]): string =>
  rows.length === 0
    ? `No row for ${messageId} in plugin_lark_inbound_event: the plugin never accepted the message.`
    : rows.map(describe).join('\n\n')

function describe(row: OutcomeRow): string {
  const columns = Object.entries(row).filter(([, value]) => value !== null)
  const width = Math.max(...columns.map(([name]) => name.length))
  return columns
    .map(([name, value]) => `  ${name.padEnd(width)}  ${value instanceof Date ? value.toISOString() : String(value)}`)
    .join('\n')
}
