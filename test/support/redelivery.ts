import { eventually } from './eventually'
import { World } from './world'

/** Lark's own: 15 s, 5 min, 1 h and 6 h after the failure before; with a second for the way. */
export const LADDER_MS = [16_000, 301_000, 3_601_000, 21_601_000]

const REDELIVERED_WITHIN_MS = 4_000

/** Moves Lark's clock until what got no acknowledgement came again and `expected` messages are stored, or the ladder ends. */
export const deliverAgain = async ({ lark, database }: World, expected: number): Promise<void> => {
  const isStored = async (): Promise<boolean> => {
    const rows = await database.query(`SELECT 1 FROM plugin_lark_inbound_event WHERE dedup_key LIKE 'message:%'`)
    return rows.length >= expected
  }
  for (const step of LADDER_MS) {
    if (await isStored()) return
    await lark.settled(undefined, { ignoreRetries: true })
    await lark.changeClock({ advanceMs: step })
    await eventually('stored', isStored, REDELIVERED_WITHIN_MS).catch(() => undefined)
  }
}
