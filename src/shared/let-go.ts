import { EntityManager } from 'typeorm'
import { STATEMENT_MS } from './in-time'

/**
 * Part of a transaction's first statement: who holds rows lets go of them, also when its process is gone without a word.
 * PostgreSQL would wait for hours, and nobody waits for the statement by then. For the rest of the transaction.
 */
export const LET_GO = `set_config('idle_in_transaction_session_timeout', '${STATEMENT_MS}', true)`

/** The same as a statement of its own. */
export const letGo = async (manager: EntityManager): Promise<void> => {
  await manager.query(`SELECT ${LET_GO}`)
}
