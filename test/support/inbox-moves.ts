import { InboxState } from '../../src/inbox/inbox-state'
import { TestDatabase } from './database'

/** The table of docs/architecture.md, States. */
const NEXT: Record<InboxState, InboxState[]> = {
  received: ['claimed'],
  claimed: ['received', 'refused', 'attached', 'answered', 'dropped', 'failed'],
  attached: ['answered', 'failed', 'dropped'],
  refused: [],
  answered: [],
  failed: ['attached'],
  dropped: ['attached']
}

/** From now on the database writes down every move of a row from state to state. */
export async function watchInboxMoves(database: Pick<TestDatabase, 'query'>): Promise<void> {
  await database.query(`CREATE TABLE IF NOT EXISTS inbox_move (former text, next text)`)
  await database.query(
    `CREATE OR REPLACE FUNCTION note_inbox_move() RETURNS trigger LANGUAGE plpgsql AS
     $$ BEGIN INSERT INTO inbox_move VALUES (OLD.state, NEW.state); RETURN NULL; END $$`
  )
  await database.query(
    `CREATE OR REPLACE TRIGGER note_inbox_move AFTER UPDATE ON plugin_lark_inbound_event
     FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION note_inbox_move()`
  )
}

/** The moves that were made and that the table does not know. Throws where none was made: nothing would be seen then. */
export async function wrongInboxMoves(database: Pick<TestDatabase, 'query'>): Promise<string[]> {
  const moves = await database.query<{ former: InboxState; next: InboxState }>(
    `SELECT DISTINCT former, next FROM inbox_move ORDER BY former, next`
  )
  if (moves.length === 0) throw new Error('no row has moved from state to state')
  return moves
    .filter(({ former, next }) => !NEXT[former].includes(next))
    .map(({ former, next }) => `${former} -> ${next}`)
}
