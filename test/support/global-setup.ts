import { startPostgres, type RunningPostgres } from '../../playground/postgres'

declare global {
  // eslint would ask for let; a global declared for globalThis has to be var.
  var pluginLarkPostgres: RunningPostgres | undefined
}

/** One PostgreSQL for the whole run; each test makes its own database in it (database.ts). */
export default async function globalSetup(): Promise<void> {
  globalThis.pluginLarkPostgres = await startPostgres()
  process.env.DATABASE_URL = globalThis.pluginLarkPostgres.url
}
