import { randomBytes } from 'node:crypto'
import { Client } from 'pg'

/** Creates a database beside the one of `serverUrl` and returns its URL. Names are given or random (`prefix_` + 12 hex). */
export async function createDatabase(serverUrl: string, name?: string, prefix = 'test'): Promise<string> {
  const database = name ?? `${prefix}_${randomBytes(6).toString('hex')}`
  await onServer(serverUrl, (client) => client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`))
  return withDatabase(serverUrl, database)
}

/** Drops it even while others are connected. */
export async function dropDatabase(serverUrl: string, databaseUrl: string): Promise<void> {
  const database = decodeURIComponent(new URL(databaseUrl).pathname.slice(1))
  await onServer(serverUrl, (client) =>
    client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(database)} WITH (FORCE)`)
  )
}

function withDatabase(serverUrl: string, database: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${encodeURIComponent(database)}`
  return url.href
}

async function onServer(serverUrl: string, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: serverUrl })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
