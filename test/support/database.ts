import { Pool, type QueryResultRow } from 'pg'
import { createDatabase, dropDatabase } from '../../playground/postgres/databases'

export interface TestDatabase {
  /** postgres://… of this database alone. */
  readonly url: string
  /** Rows of one statement. */
  query<Row extends QueryResultRow = QueryResultRow>(sql: string, params?: readonly unknown[]): Promise<Row[]>
  /** Drops it, connected or not. */
  drop(): Promise<void>
}

/** A fresh, empty database on the run's PostgreSQL (global-setup.ts), or on another one. */
export async function createTestDatabase(name?: string, serverUrl = process.env.DATABASE_URL): Promise<TestDatabase> {
  if (!serverUrl)
    throw new Error('DATABASE_URL is not set: run the tests through jest, whose global setup starts PostgreSQL')
  const url = await createDatabase(serverUrl, name)
  const pool = new Pool({ connectionString: url, max: 4, allowExitOnIdle: true })
  // DROP DATABASE … WITH (FORCE) of another holder ends idle connections; the next query reports what matters.
  pool.on('error', () => undefined)
  return {
    url,
    query: async <Row extends QueryResultRow>(sql: string, params?: readonly unknown[]) =>
      (await pool.query<Row>(sql, params ? [...params] : undefined)).rows,
    drop: async () => {
      await pool.end()
      await dropDatabase(serverUrl, url)
    }
  }
}
