import { RunningTurn } from '../../src/conversation/turn-row'
import { TurnContexts } from '../../src/conversation/turn-contexts'
import { HandoffMessage } from '../../src/host'
import { eventually } from '../support/eventually'
import { TurnTables } from '../support/turn-tables'

const NOW = new Date('2026-03-01T10:00:00Z')
const DISPATCH = 'agent.chat_dispatch.v1'
const CANCEL = 'plugin.lark.cancel_run.v1'
/** Less than a moment ago for as long as a test takes, however busy the machine is. */
const JUST_NOW = -60_000

describe('a stop that comes before the dispatch, in PostgreSQL', () => {
  const tables = new TurnTables(NOW)
  const types = (): string[] => tables.parts.host.queued.map(({ type }) => type)
  const payloads = (type: string) =>
    tables.parts.host.queued.filter((message: HandoffMessage) => message.type === type).map(({ payload }) => payload)
  const row = async () => (await tables.rows())[0]!
  const stop = (turnId: string) => tables.parts.stops.stop({ turnId }, 'stopped')
  const hostTookTheCancel = () =>
    tables.database.query(`UPDATE plugin_lark_turn SET cancelled_at = now() - interval '3 seconds'`)
  const overdue = () => tables.database.query(`UPDATE plugin_lark_turn SET deadline = now() - interval '1 second'`)
  const isCancelled = async (turnId: string) => (await tables.running(turnId)).isCancelled

  /** A turn between its commit and its dispatch, which comes when `goOn` says so. `agoMs`: how long ago the commit then is. */
  const opening = async (agoMs: number) => {
    let goOn = (): void => undefined
    const wait = new Promise<void>((resolve) => (goOn = resolve))
    const of = jest.spyOn(TurnContexts.prototype, 'of')
    of.mockImplementationOnce(async function (this: TurnContexts, turn) {
      Object.assign(turn, { heldAt: performance.now() - agoMs })
      await wait
      return this.of(turn)
    })
    const done = tables.open('m1')
    await eventually('the dispatch begins', async () => of.mock.calls.length > 0)
    const turnId = (await row())['id'] as string
    return { turnId, goOn, done: done.finally(() => of.mockRestore()) }
  }

  it('cancels the run once more, behind its dispatch', async () => {
    const { turnId, goOn, done } = await opening(JUST_NOW)
    expect(await stop(turnId)).toBe(true)
    await hostTookTheCancel()
    goOn()
    await done
    expect(types()).toEqual([CANCEL, DISPATCH, CANCEL])
    const [first, second] = payloads(CANCEL)
    expect(second).toEqual(first)
    expect(await row()).toMatchObject({ state: 'running', stop_reason: 'stopped' })
  })

  it('is not over while the dispatch may still come, and waits for the cancel behind it', async () => {
    const { turnId, goOn, done } = await opening(JUST_NOW)
    await stop(turnId)
    await hostTookTheCancel()
    expect(await isCancelled(turnId)).toBe(false)
    goOn()
    await done
    expect(await isCancelled(turnId)).toBe(false)
    await hostTookTheCancel()
    expect(await isCancelled(turnId)).toBe(true)
  })

  it('keeps a dispatch from the queue that comes more than a moment later, and is over then', async () => {
    const { turnId, goOn, done } = await opening(2_000)
    await stop(turnId)
    goOn()
    await done
    expect(types()).toEqual([CANCEL])
    await hostTookTheCancel()
    expect(await isCancelled(turnId)).toBe(true)
  })

  it('costs a dispatch that comes more than a moment later one look, and it goes on where nobody stopped it', async () => {
    const { goOn, done } = await opening(2_000)
    goOn()
    await done
    expect(types()).toEqual([DISPATCH])
    expect(await row()).toMatchObject({ dispatched_at: expect.any(Date) as Date, deadline: null })
  })

  it('leaves no run of a turn that has ended meanwhile', async () => {
    const { turnId, goOn, done } = await opening(JUST_NOW)
    const turn = await tables.running(turnId)
    await tables.parts.attempts.end(turn, { outcome: 'dropped', reason: 'stopped' })
    goOn()
    await done
    expect(types()).toEqual([DISPATCH, CANCEL])
    expect(payloads(CANCEL)).toMatchObject([{ turnId, attempt: turn.attempt, executionId: turn.executionId }])
  })

  it('leaves no run of an attempt that another one has followed', async () => {
    const { turnId, goOn, done } = await opening(JUST_NOW)
    const turn = await tables.running(turnId)
    await tables.parts.attempts.dispatchAgain(turn)
    tables.parts.host.queued.length = 0
    goOn()
    await done
    expect(types()).toEqual([DISPATCH, CANCEL])
    expect(payloads(CANCEL)).toMatchObject([{ attempt: turn.attempt, executionId: turn.executionId }])
    expect((await tables.running(turnId)).stopReason).toBeNull()
  })

  describe('of a process that died', () => {
    const leftBehind = async (): Promise<RunningTurn> => {
      tables.parts.host.down = true
      const turn = await tables.running(await tables.open('m1'))
      tables.parts.host.down = false
      await stop(turn.id)
      await hostTookTheCancel()
      tables.parts.host.queued.length = 0
      return turn
    }

    it('is over once the run is cancelled that it may have dispatched all the same', async () => {
      const turn = await leftBehind()
      expect(await isCancelled(turn.id)).toBe(false)
      await overdue()
      const taken = await tables.parts.watch.takeUndispatched()
      expect(taken).toMatchObject({ id: turn.id, attempt: turn.attempt, executionId: turn.executionId })
      await tables.parts.queue.dispatch(taken!)
      expect(types()).toEqual([CANCEL])
      expect(await isCancelled(turn.id)).toBe(false)
      await hostTookTheCancel()
      expect(await isCancelled(turn.id)).toBe(true)
      expect(await tables.parts.watch.takeUndispatched()).toBeNull()
    })

    it('is cancelled again where the queue does not take the cancel', async () => {
      await leftBehind()
      await overdue()
      tables.parts.host.down = true
      await tables.parts.queue.dispatch((await tables.parts.watch.takeUndispatched())!)
      tables.parts.host.down = false
      expect(await tables.parts.watch.takeUndispatched()).toBeNull()
      await overdue()
      await tables.parts.queue.dispatch((await tables.parts.watch.takeUndispatched())!)
      expect(types()).toEqual([CANCEL])
    })

    it('is over after a while, whatever the queue takes', async () => {
      const turn = await leftBehind()
      await tables.database.query(`UPDATE plugin_lark_turn SET stopped_at = now() - interval '21 seconds'`)
      expect(await isCancelled(turn.id)).toBe(true)
    })
  })

  it('of a dispatch that was noted is over as soon as the host took the cancel', async () => {
    const turnId = await tables.open('m1')
    await stop(turnId)
    await hostTookTheCancel()
    expect(await isCancelled(turnId)).toBe(true)
  })
})
