import { appendFileSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres, type RunningPostgres } from '../../playground/postgres'
import { recordOutput, SECRETS_FILE } from '../../playground/run-record'
import { PLANTED } from './secret-leaks'

declare global {
  // eslint would ask for let; a global declared for globalThis has to be var.
  var pluginLarkPostgres: RunningPostgres | undefined
}

/**
 * One PostgreSQL for the whole run; each test makes its own database in it (database.ts). And one folder for all output of
 * the run, which the teardown searches for the secrets that were used.
 */
export default async function globalSetup(): Promise<void> {
  globalThis.pluginLarkPostgres = await startPostgres()
  process.env.DATABASE_URL = globalThis.pluginLarkPostgres.url
  const folder = mkdtempSync(join(tmpdir(), 'plugin-lark-run-'))
  process.env.PLAYGROUND_RECORD = folder
  appendFileSync(join(folder, SECRETS_FILE), `${PLANTED}\n`)
  recordOutput('planted', `a line with ${PLANTED} in it`)
}
