import { Injectable } from '@nestjs/common'
import { DataSource, EntityManager } from 'typeorm'
import { letGo } from '../shared'
import { HAS_TEXTS } from './turn.entity'
import { WITHOUT_TEXTS } from './turn-row'

/** The statements over what is over: ended turns and closed sessions. Each works on up to `limit` rows and answers how many. */
@Injectable()
export class HistoryRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Nobody may ask for these answers again. */
  scrubTurns(before: Date, limit: number): Promise<number> {
    return this.write(
      `UPDATE plugin_lark_turn SET ${WITHOUT_TEXTS}
       WHERE id IN (SELECT id FROM plugin_lark_turn WHERE ended_at < $1 AND ${HAS_TEXTS}
                    ORDER BY ended_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      before,
      limit
    )
  }

  /** @param alongside removes what belongs to the deleted turns, in the same transaction */
  deleteTurns(
    before: Date,
    limit: number,
    alongside: (manager: EntityManager, turnIds: readonly string[]) => Promise<void>
  ): Promise<number> {
    return this.dataSource.transaction(async (manager) => {
      await letGo(manager)
      const [deleted] = await manager.query<[{ id: string }[], number]>(
        `DELETE FROM plugin_lark_turn
         WHERE id IN (SELECT id FROM plugin_lark_turn WHERE ended_at < $1 ORDER BY ended_at LIMIT $2 FOR UPDATE SKIP LOCKED)
         RETURNING id`,
        [before, limit]
      )
      await alongside(
        manager,
        deleted.map(({ id }) => id)
      )
      return deleted.length
    })
  }

  /** An open one stays, however old: its next message goes on with the same conversation. */
  deleteSessions(before: Date, limit: number): Promise<number> {
    return this.write(
      `DELETE FROM plugin_lark_session
       WHERE id IN (SELECT id FROM plugin_lark_session session WHERE closed_at < $1
                      AND NOT EXISTS (SELECT 1 FROM plugin_lark_turn turn WHERE turn.session_id = session.id)
                    ORDER BY closed_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      before,
      limit
    )
  }

  /** Who asks there again is counted from the start. */
  deleteBotTalks(before: Date, limit: number): Promise<number> {
    return this.write(
      `DELETE FROM plugin_lark_bot_talk WHERE (integration_id, chat_id, xpert_id) IN (
         SELECT integration_id, chat_id, xpert_id FROM plugin_lark_bot_talk WHERE counted_at < $1
         ORDER BY counted_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      before,
      limit
    )
  }

  private async write(statement: string, before: Date, limit: number): Promise<number> {
    const result = await this.dataSource.query<[unknown[], number]>(statement, [before, limit])
    return result[1]
  }
}
