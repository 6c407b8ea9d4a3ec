import { Client } from 'pg'

/** What the plugin noted about a message, one `column value` a line; the payload is left out. */
export async function outcomeOf(databaseUrl: string, messageId: string): Promise<string> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<Record<string, unknown>>(
      'SELECT * FROM plugin_lark_inbound_event WHERE message_id = $1 ORDER BY received_at',
      [messageId]
    )
    if (rows.length === 0)
      return `No row for ${messageId} in plugin_lark_inbound_event: the plugin never accepted the message.`
    return rows.map(describe).join('\n\n')
  } catch (error) {
    return `The outcome of ${messageId} could not be read: ${error instanceof Error ? error.message : String(error)}`
  } finally {
    await client.end()
  }
}

function describe(row: Record<string, unknown>): string {
  const columns = Object.entries(row).filter(([name, value]) => name !== 'payload' && value !== null)
  const width = Math.max(...columns.map(([name]) => name.length))
  return columns
    .map(([name, value]) => `  ${name.padEnd(width)}  ${value instanceof Date ? value.toISOString() : String(value)}`)
    .join('\n')
}
