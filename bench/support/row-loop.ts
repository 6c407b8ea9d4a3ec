import { randomUUID } from 'node:crypto'
import { Pool } from 'pg'
import { inParallel } from '../../test/support/in-parallel'
import { World } from '../../test/support/world'

/** What one message of a new chat leaves behind up to its dispatch. */
const INSERTED = ['inbound_event', 'user', 'chat', 'session', 'turn']
const UPDATED = [
  ['inbound_event', `state = 'claimed', claim_token = gen_random_uuid(), attempts = 1, claim_expires_at = now()`],
  ['inbound_event', `state = 'attached', claim_token = NULL, claim_expires_at = NULL, turn_id = $1`],
  ['turn', 'dispatched_at = now(), deadline = NULL']
] as const

/** Values as long as real ones, by the column's type. */
const VALUES: Record<string, string> = {
  uuid: 'gen_random_uuid()',
  'timestamp with time zone': 'now()',
  integer: '1',
  bigint: '1',
  boolean: 'false',
  jsonb: `'{}'`
}

/**
 * Messages a second of a loop that only writes: the rows of the way to a dispatch, in tables with the same columns and
 * indexes, each by one statement with nothing around it, so many messages at a time.
 */
export async function rowLoop(parallel: number, messages: number): Promise<number> {
  const world = await World.create()
  await world.startHost()
  const pool = new Pool({ connectionString: world.database.url, max: parallel })
  try {
    const inserts: string[] = []
    for (const table of INSERTED) inserts.push(await copyOf(pool, table))
    const updates = UPDATED.map(([table, set]) => `UPDATE bench_${table} SET ${set} WHERE bench_id = $1`)
    const message = async (id: string): Promise<void> => {
      for (const statement of [...inserts, ...updates]) await pool.query(statement, [id])
    }
    const work = Array.from({ length: messages }, () => () => message(randomUUID()))
    const began = performance.now()
    await Promise.all(inParallel(parallel, work))
    return messages / ((performance.now() - began) / 1000)
  } finally {
    await pool.end()
    await world.end()
  }
}

/** Makes the copy, and the statement that inserts a row of the message `$1`. */
async function copyOf(pool: Pool, table: string): Promise<string> {
  await pool.query(`CREATE TABLE bench_${table} (LIKE plugin_lark_${table} INCLUDING ALL)`)
  const { rows } = await pool.query<{ name: string; type: string }>(
    `SELECT column_name AS name, data_type AS type FROM information_schema.columns
     WHERE table_name = $1 AND is_nullable = 'NO' AND column_default IS NULL`,
    [`bench_${table}`]
  )
  await pool.query(`ALTER TABLE bench_${table} ADD COLUMN bench_id uuid UNIQUE`)
  const columns = [...rows.map(({ name }) => `"${name}"`), 'bench_id']
  const values = [...rows.map(({ type }) => VALUES[type] ?? 'md5(random()::text)'), '$1']
  return `INSERT INTO bench_${table} (${columns.join(', ')}) VALUES (${values.join(', ')})`
}
