import { RunFollower } from '../../src/conversation/run-follower'
import { RunningTurn } from '../../src/conversation/turn-row'
import { RunSignal } from '../../src/host'
import { ReplyLedger } from '../../src/reply'
import { LeaseLostError } from '../../src/shared'
import { eventually } from '../support/eventually'
import { FakeLark } from '../support/fake-lark'
import { followerOf } from '../support/follower-parts'
import { SteadyTime } from '../support/steady-time'
import { TurnTables } from '../support/turn-tables'

const NOW = new Date('2026-03-01T10:00:00Z')
const END: RunSignal[] = [
  { type: 'message_end', content: 'Hello, the whole answer.' },
  { type: 'conversation_end', status: 'success', operation: null },
  { type: 'complete' }
]

describe('RunFollower, one answer in two processes', () => {
  const tables = new TurnTables(NOW)
  let lark: FakeLark
  let first: RunFollower
  let second: RunFollower
  let turn: RunningTurn
  let stored: number

  beforeEach(async () => {
    await tables.database.query(`TRUNCATE plugin_lark_reply`)
    lark = new FakeLark()
    first = followerOf(tables.dataSource, tables.parts, lark)
    second = followerOf(tables.dataSource, tables.parts, lark)
    turn = await tables.running(await tables.open('m1'))
    stored = 0
  })

  afterEach(() => Promise.all([first.stop(), second.stop()]))

  const store = async (...signals: RunSignal[]): Promise<void> => {
    const { id: turnId, attempt } = turn
    const events = signals.map((signal) => {
      stored += 1
      return { turnId, callback: { attempt, sequence: stored, enqueuedAt: 1_000 + stored, context: {}, signal } }
    })
    await tables.parts.events.store(events)
  }
  const text = (words: string): RunSignal => ({ type: 'text', streamId: 's', text: words })
  const begin = (words: string): Promise<void> =>
    store({ type: 'conversation_start', conversationId: 'c' }, { type: 'message_start' }, text(words))
  const look = (follower: RunFollower): void => follower.wake(turn.id, turn.attempt)
  const shown = (): string => JSON.stringify([...lark.shown.values()])
  const shows = (words: string) => eventually(`it shows ${words}`, async () => shown().includes(words))
  const row = async () => (await tables.rows())[0]!
  const applied = async () => (await row())['applied_sequence'] as number
  const isFree = async () => {
    const rows = await tables.database.query(`SELECT 1 FROM plugin_lark_reply WHERE flush_token IS NULL`)
    return rows.length === 1
  }
  /** Nobody shows it, and what was shown is noted. */
  const isAtRest = () =>
    eventually('it is at rest', async () => (await isFree()) && (await applied()) === stored && stored > 0)
  const expire = () =>
    tables.database.query(`UPDATE plugin_lark_reply SET flush_expires_at = now() - interval '1 second'`)

  it.each(['card', 'entity'])(
    'leaves the end alone that another one showed while it waited for its next frame: %s',
    async (form) => {
      if (form === 'entity') lark.scopes = new Set(['cardkit:card:write'])
      await begin('Hello')
      look(first)
      await shows('Hello')
      await isAtRest()
      // It waits until somebody rings, however long the other one takes.
      jest.spyOn(lark, 'frameDelayMs').mockReturnValue(3_600_000)
      await store(text(', th'))
      look(first)
      await eventually('it waits with the lease', async () => !(await isFree()))
      const time = new SteadyTime()
      time.pass(16)
      await expire()
      await store(...END)
      look(second)
      await eventually('it is answered', async () => (await row())['outcome'] === 'answered')
      const end = shown()
      expect(end).toContain('the whole answer')
      const renew = jest.spyOn(ReplyLedger.prototype, 'renew')
      look(first)
      await eventually('the first one goes on', async () => renew.mock.results.length > 0)
      await expect(renew.mock.results[0]!.value).rejects.toThrow(LeaseLostError)
      await first.stop()
      renew.mockRestore()
      time.end()
      expect(shown()).toBe(end)
    }
  )

  describe('a run that seems lost', () => {
    const heldElsewhere = () =>
      tables.database.query(
        `UPDATE plugin_lark_reply SET flush_token = gen_random_uuid(), flush_expires_at = now() + interval '1 minute'`
      )
    const freed = () =>
      tables.database.query(`UPDATE plugin_lark_reply SET flush_token = NULL, flush_expires_at = NULL`)
    /** Answers once the process has asked for the lease. */
    const giveUp = async (follower: RunFollower): Promise<void> => {
      const acquire = jest.spyOn(ReplyLedger.prototype, 'acquire')
      follower.giveUp(turn.id, turn.attempt)
      await eventually('it looked', async () => acquire.mock.results.length > 0)
      await acquire.mock.results[0]!.value
      acquire.mockRestore()
    }

    beforeEach(async () => {
      await begin('Hello')
      look(first)
      await shows('Hello')
      await isAtRest()
    })

    it('is interrupted by whoever notices, also by a process that has shown nothing of it', async () => {
      await giveUp(second)
      await eventually('it is interrupted', async () => (await row())['reason'] === 'run_interrupted')
    })

    it('lives where another process shows it just then, and what comes later is no end', async () => {
      await heldElsewhere()
      await giveUp(second)
      await freed()
      await store(text(', th'))
      look(second)
      await shows('Hello, th')
      await isAtRest()
      expect(await row()).toMatchObject({ state: 'running' })
    })

    it('lives once it says something more', async () => {
      await store(text(', th'))
      await giveUp(second)
      await shows('Hello, th')
      await isAtRest()
      expect(await row()).toMatchObject({ state: 'running' })
    })
  })

  it.each(['card', 'entity'])(
    'has the button of the attempt that answers, where its run was lost: %s',
    async (form) => {
      if (form === 'entity') lark.scopes = new Set(['cardkit:card:write'])
      const former = turn.attempt
      await store({ type: 'conversation_start', conversationId: 'c' }, { type: 'message_start' })
      look(first)
      await shows(former)
      await isAtRest()
      first.giveUp(turn.id, former)
      await eventually('it is asked again', async () => (await row())['attempt'] !== former)
      turn = await tables.running(turn.id)
      stored = 0
      await begin('Hello')
      look(first)
      await shows('Hello')
      await isAtRest()
      expect(shown()).toContain(turn.attempt)
      expect(shown()).not.toContain(former)
    }
  )

  it('is answered where its turn could not be ended before the settings of its integration became unusable', async () => {
    await begin('Hello')
    await store(...END)
    await tables.database.query(
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not now'; END $$;
       CREATE TRIGGER refuse BEFORE UPDATE ON plugin_lark_turn FOR EACH ROW WHEN (NEW.state = 'ended') EXECUTE FUNCTION refuse()`
    )
    look(first)
    await shows('the whole answer')
    await first.stop()
    await tables.database.query(`DROP TRIGGER refuse ON plugin_lark_turn`)
    const unusable = followerOf(tables.dataSource, tables.parts, lark, { integration: null })
    unusable.giveUp(turn.id, turn.attempt)
    await eventually('it has ended', async () => (await row())['state'] === 'ended')
    expect(await row()).toMatchObject({ outcome: 'answered', close_due: false })
    await unusable.stop()
  })
})
