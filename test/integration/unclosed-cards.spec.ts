import { ClickedTurnRepository } from '../../src/conversation/clicked-turn.repository'
import { TurnTables } from '../support/turn-tables'

const NOW = new Date('2026-03-01T10:00:00Z')

describe('cards to be closed, in PostgreSQL', () => {
  const tables = new TurnTables(NOW)

  it('are not held up by those of integrations whose Lark is silent, however many they are', async () => {
    const clicked = new ClickedTurnRepository(tables.dataSource)
    for (const [count, integrationId] of ['silent-1', 'silent-2', 'sound'].entries()) {
      const turn = await tables.running(await tables.open(integrationId, { integrationId, scopeKey: integrationId }))
      await tables.parts.attempts.end(turn, { outcome: 'failed', reason: 'delivery_unknown', closeDue: true })
      await tables.database.query(
        `UPDATE plugin_lark_turn SET ended_at = ended_at + make_interval(mins => $2) WHERE id = $1`,
        [turn.id, count]
      )
    }
    const take = async (): Promise<string[]> => {
      const taken = (await clicked.takeUnclosed(2, [])).map(({ integrationId }) => integrationId)
      // Closing each took longer than it is let alone.
      await tables.database.query(`UPDATE plugin_lark_turn SET deadline = deadline - interval '31 seconds'`)
      return taken.sort()
    }
    expect(await take()).toEqual(['silent-1', 'silent-2'])
    expect(await take()).toContain('sound')
  })
})
