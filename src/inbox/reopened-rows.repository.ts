import { Injectable } from '@nestjs/common'
import { DataSource, EntityManager } from 'typeorm'
import { MOST_REPETITIONS } from './inbox.repository'
import { baseKeyOf, lockFamilies, TAKEN } from './repetition-keys'

/** The rows of a turn that was over and is asked once more. What an admin has answered again is a row of a turn of its own. */
@Injectable()
export class ReopenedRows {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Whether one of the turn's messages is being answered, or was, as another row of the same message.
   * @param manager of a transaction until whose end nobody has it answered again
   */
  async isRepeated(turnId: string, manager?: EntityManager): Promise<boolean> {
    await manager?.query(lockFamilies('turn_id'), [turnId])
    const rows = await (manager ?? this.dataSource).query<unknown[]>(
      `SELECT 1 FROM plugin_lark_inbound_event own, generate_series(0, $2::int) AS number, plugin_lark_inbound_event other
       WHERE own.turn_id = $1 AND other.inbox_key = own.inbox_key
         AND other.dedup_key = ${baseKeyOf('own')} || coalesce('#' || nullif(number, 0), '')
         AND other.turn_id IS DISTINCT FROM own.turn_id AND other.state IN (${TAKEN}) LIMIT 1`,
      [turnId, MOST_REPETITIONS]
    )
    return rows.length > 0
  }

  /** They follow their turn; a message that was taken back is not of it any more. */
  async attachAgain(manager: EntityManager, turnId: string): Promise<void> {
    await manager.query(
      `UPDATE plugin_lark_inbound_event SET state = 'attached', reason = NULL, ended_at = NULL
       WHERE turn_id = $1 AND state IN ('failed', 'dropped') AND reason IS DISTINCT FROM 'recalled'`,
      [turnId]
    )
  }
}
