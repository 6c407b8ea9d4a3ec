import { Injectable } from '@nestjs/common'
import { DataSource } from 'typeorm'
import { Clock, isUuid, letGo } from '../shared'
import { Stops } from './stops'
import { TurnQueue } from './turn-queue'

/** As when a person stops it: the answer can be asked for again. */
const REASON = 'stopped'

/** What an admin does with a session of an integration. */
@Injectable()
export class SessionControl {
  constructor(
    private readonly dataSource: DataSource,
    private readonly stops: Stops,
    private readonly queue: TurnQueue,
    private readonly clock: Clock
  ) {}

  /**
   * Its scope's next message opens a new one; what is being answered in this one is answered, what waits for a person's
   * decision ends as `conversation_ended`.
   */
  async close(integrationId: string, sessionId: string): Promise<'closed' | 'was_closed' | 'unknown'> {
    if (!isUuid(sessionId)) return 'unknown'
    const now = this.clock.now()
    return this.dataSource.transaction(async (manager) => {
      await letGo(manager)
      const rows = await manager.query<{ isNew: boolean }[]>(
        `WITH closed AS (UPDATE plugin_lark_session SET closed_at = $3, left_at = $3
                         WHERE id = $1 AND integration_id = $2 AND closed_at IS NULL RETURNING id)
         SELECT EXISTS (SELECT 1 FROM closed) AS "isNew" FROM plugin_lark_session WHERE id = $1 AND integration_id = $2`,
        [sessionId, integrationId, now]
      )
      const found = rows[0]
      if (!found) return 'unknown'
      if (!found.isNew) return 'was_closed'
      await this.queue.forgetQuestions(manager, sessionId, 'conversation_ended', now)
      return 'closed'
    })
  }

  /** What waits behind the stopped answer comes next. */
  async stop(integrationId: string, sessionId: string): Promise<'stopped' | 'idle' | 'unknown'> {
    if (!isUuid(sessionId)) return 'unknown'
    const rows = await this.dataSource.query<{ turnId: string | null }[]>(
      `SELECT turn.id AS "turnId" FROM plugin_lark_session session
       LEFT JOIN plugin_lark_turn turn ON turn.session_id = session.id AND turn.state = 'running'
       WHERE session.id = $1 AND session.integration_id = $2`,
      [sessionId, integrationId]
    )
    const found = rows[0]
    if (!found) return 'unknown'
    const isStopped = found.turnId !== null && (await this.stops.stop({ turnId: found.turnId }, REASON))
    return isStopped ? 'stopped' : 'idle'
  }
}
