import { eventually } from './eventually'
import { World } from './world'

/** Waits for the last word of the run that answers a message of the integration; all that was heard of it is then an hour old. */
export const runEndedAnHourAgo = (world: World, integrationId: string): Promise<unknown> =>
  eventually('the last word of the run is there', async () => {
    const aged = await world.database.query(
      `UPDATE plugin_lark_run_event SET received_at = received_at - interval '1 hour'
       WHERE attempt IN (SELECT turn.attempt FROM plugin_lark_turn turn
                         JOIN plugin_lark_session session ON session.id = session_id
                         JOIN plugin_lark_run_event event ON event.attempt = turn.attempt
                         WHERE integration_id = $1 AND event.signal::jsonb ->> 'type' IN ('complete', 'error'))
       RETURNING sequence`,
      [integrationId]
    )
    return aged.length > 0
  })
