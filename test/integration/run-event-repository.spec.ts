import { DataSource } from 'typeorm'
import { RunCallback } from '../../src/host'
import { conversationParts, newTurn } from '../support/conversation-parts'
import { createTestDatabase, TestDatabase } from '../support/database'
import { openPluginTables } from '../support/plugin-tables'

const NOW = new Date('2026-03-01T10:00:00Z')

/** Epoch milliseconds at which the two runs of one attempt began. */
const FIRST_RUN = 1_000
const SECOND_RUN = 60_000

describe('run events in PostgreSQL', () => {
  let database: TestDatabase
  let dataSource: DataSource
  let parts: ReturnType<typeof conversationParts>
  let turnId: string
  let attempt: string

  beforeAll(async () => {
    database = await createTestDatabase()
    dataSource = await openPluginTables(database.url)
  })

  beforeEach(async () => {
    await database.query(`TRUNCATE plugin_lark_session, plugin_lark_turn, plugin_lark_run_event`)
    parts = conversationParts(dataSource, NOW)
    await parts.conversations.open(newTurn('m1'), async (_manager, id) => {
      turnId = id
    })
    attempt = (await database.query<{ attempt: string }>(`SELECT attempt FROM plugin_lark_turn`))[0]!.attempt
  })

  afterAll(async () => {
    await dataSource.destroy()
    await database.drop()
  })

  const callback = (sequence: number, run: number, text = `text ${sequence}`): RunCallback => ({
    attempt,
    sequence,
    enqueuedAt: run + sequence - 1,
    context: {},
    signal: { type: 'text', streamId: 's', text }
  })
  const store = async (run: number, ...sequences: number[]): Promise<void> => {
    for (const sequence of sequences) await parts.events.store([{ turnId, callback: callback(sequence, run) }])
  }
  const follow = async (run: number | null, appliedSequence: number): Promise<void> => {
    const turn = (await parts.turns.findRunning(turnId, attempt))!
    await parts.turns.noteProgress({ ...turn, runStartedAt: run, appliedSequence })
  }
  const aWhileAgo = () => database.query(`UPDATE plugin_lark_run_event SET received_at = now() - interval '6 seconds'`)

  describe('what is left over', () => {
    const longAgo = () => database.query(`UPDATE plugin_lark_run_event SET received_at = now() - interval '11 minutes'`)
    const left = () => database.query(`SELECT sequence FROM plugin_lark_run_event`)

    it('is removed once its turn has ended', async () => {
      await store(FIRST_RUN, 1, 2)
      await longAgo()
      await database.query(`UPDATE plugin_lark_turn SET state = 'ended'`)
      await parts.events.removeLeftOver()
      expect(await left()).toEqual([])
    })

    it('stays while its turn runs, and for a while after', async () => {
      await store(FIRST_RUN, 1)
      await longAgo()
      await parts.events.removeLeftOver()
      await store(FIRST_RUN, 2)
      await database.query(`UPDATE plugin_lark_turn SET state = 'ended'`)
      await database.query(`UPDATE plugin_lark_run_event SET received_at = now() WHERE sequence = 1`)
      await parts.events.removeLeftOver()
      expect(await left()).toHaveLength(2)
    })
  })

  describe('storing', () => {
    it('keeps a repeat once, and an event of a re-run beside the first', async () => {
      await store(FIRST_RUN, 1, 2, 1, 2)
      await store(SECOND_RUN, 1)
      expect(await database.query(`SELECT sequence FROM plugin_lark_run_event ORDER BY 1`)).toEqual([
        { sequence: 1 },
        { sequence: 1 },
        { sequence: 2 }
      ])
    })

    it('takes nothing of another attempt', async () => {
      await parts.events.store([
        { turnId, callback: { ...callback(1, FIRST_RUN), attempt: '00000000-0000-4000-8000-000000000000' } }
      ])
      expect(await parts.events.unshown(attempt, 0)).toEqual([])
    })

    it('gives back what is not shown, in order, with the start of every run', async () => {
      await store(FIRST_RUN, 3, 1, 2)
      await store(SECOND_RUN, 1)
      const events = await parts.events.unshown(attempt, 2)
      expect(events.map(({ sequence, enqueuedAt }) => [sequence, enqueuedAt])).toEqual([
        [1, FIRST_RUN],
        [1, SECOND_RUN],
        [3, FIRST_RUN + 2]
      ])
      expect(events[2]!.signal).toEqual({ type: 'text', streamId: 's', text: 'text 3' })
      expect(events[0]!.ageMs).toBeGreaterThanOrEqual(0)
    })
  })

  describe('hasNext', () => {
    it('is true only when the next event of the followed run is there', async () => {
      await store(FIRST_RUN, 1, 2, 4)
      await follow(FIRST_RUN, 1)
      expect(await parts.events.hasNext(turnId, attempt)).toBe(true)
      await follow(FIRST_RUN, 2)
      expect(await parts.events.hasNext(turnId, attempt)).toBe(false)
    })

    it('is true for the first event of a turn that follows no run yet', async () => {
      expect(await parts.events.hasNext(turnId, attempt)).toBe(false)
      await store(FIRST_RUN, 1)
      expect(await parts.events.hasNext(turnId, attempt)).toBe(true)
    })

    it('is false for an event that only the other run has, so that nobody asks again and again', async () => {
      await store(FIRST_RUN, 1, 2)
      await store(SECOND_RUN, 1, 2, 3)
      await follow(FIRST_RUN, 2)
      expect(await parts.events.hasNext(turnId, attempt)).toBe(false)
      await follow(SECOND_RUN, 2)
      expect(await parts.events.hasNext(turnId, attempt)).toBe(true)
    })
  })

  describe('findOrphans', () => {
    it('finds a turn with an event that nobody showed for a while', async () => {
      await store(FIRST_RUN, 1, 2)
      await follow(FIRST_RUN, 1)
      expect(await parts.watch.findOrphans()).toEqual([])
      await aWhileAgo()
      expect(await parts.watch.findOrphans()).toEqual([{ turnId, attempt }])
      await follow(FIRST_RUN, 2)
      expect(await parts.watch.findOrphans()).toEqual([])
    })

    it('finds a turn whose newer run is shorter than what is shown of the older one', async () => {
      await store(FIRST_RUN, 1, 2, 3, 4, 5)
      await store(SECOND_RUN, 1, 2)
      await follow(FIRST_RUN, 5)
      await aWhileAgo()
      expect(await parts.watch.findOrphans()).toEqual([{ turnId, attempt }])
    })
  })
})
