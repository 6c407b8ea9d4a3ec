import { Client } from 'pg'

/**
 * The configuration for a start: what an admin stored, unless PLUGIN_CONFIG is another one than at that time. It is
 * read before TypeORM connects, because the plugin's entities are part of what TypeORM connects with.
 */
export async function readStoredConfig(
  databaseUrl: string,
  installed: Record<string, unknown>,
  pluginName: string,
  scopeKey: string
): Promise<Record<string, unknown>> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows: tables } = await client.query(`SELECT to_regclass('plugin_instance') AS name`)
    if (!tables[0]?.name) return installed
    const { rows } = await client.query<{ config: Record<string, unknown> }>(
      `SELECT config FROM plugin_instance
       WHERE "pluginName" = $1 AND "scopeKey" = $2 AND "installedConfig" = $3::jsonb`,
      [pluginName, scopeKey, JSON.stringify(installed)]
    )
    return rows[0]?.config ?? installed
  } finally {
    await client.end()
  }
}
