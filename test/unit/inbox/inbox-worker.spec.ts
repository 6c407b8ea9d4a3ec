import { Logger } from '@nestjs/common'
import { PluginConfigReader } from '../../../src/cluster'
import { ClaimedEvent, HandlingResult, InboxHandler, InboxRepository, InboxWorker } from '../../../src/inbox'
import { MAX_ATTEMPTS } from '../../../src/inbox/backoff'
import { LeaseLostError } from '../../../src/shared'
import { FixedClock } from '../../support/conversation-parts'

const NOW = new Date('2026-03-01T10:00:00Z')
const CONFIG = { limits: { concurrentMessages: 32 } }

const event = (id: string, attempt = 1): ClaimedEvent => ({
  id,
  claimToken: `token of ${id}`,
  attempt,
  eventType: 'im.message.receive_v1',
  payload: '{}',
  tenantId: 't',
  organizationId: null,
  integrationId: 'i',
  messageId: id,
  chatId: 'oc',
  threadId: null,
  senderId: 'ou',
  receivedAt: NOW
})

/** The inbox without its table: what is waiting, and what was written. */
class MemoryInbox extends InboxRepository {
  readonly waiting: ClaimedEvent[] = []
  readonly written: string[] = []
  readonly asked: number[] = []
  renewed = 0
  failure: Error | undefined
  beforeClaim: Promise<void> = Promise.resolve()

  constructor() {
    super(undefined as never)
  }

  override async claim(limit: number): Promise<ClaimedEvent[]> {
    this.asked.push(limit)
    await this.beforeClaim
    if (this.failure) throw this.failure
    return this.waiting.splice(0, limit)
  }

  override async renew(): Promise<boolean> {
    this.renewed += 1
    return true
  }

  override async release(claim: ClaimedEvent, inSeconds: number, counts: boolean): Promise<void> {
    if (this.failure) throw this.failure
    this.written.push(`${claim.id} back ${counts ? 'counted' : 'uncounted'} ${inSeconds <= 60 ? 'soon' : 'late'}`)
  }

  override async end(claim: ClaimedEvent, state: string, reason: string): Promise<void> {
    if (this.failure) throw this.failure
    this.written.push(`${claim.id} ${state}: ${reason}`)
  }
}

class Desk extends InboxHandler {
  readonly handled: string[] = []
  readonly exhausting: string[] = []
  private readonly open = new Map<string, (result: HandlingResult | Error) => void>()
  answer: HandlingResult | Error | null = { state: 'answered', reason: 'done' }

  async handle({ id }: ClaimedEvent): Promise<HandlingResult> {
    this.handled.push(id)
    const result = this.answer ?? (await new Promise<HandlingResult | Error>((resolve) => this.open.set(id, resolve)))
    if (result instanceof Error) throw result
    return result
  }

  async exhausted({ id }: ClaimedEvent): Promise<void> {
    this.exhausting.push(id)
  }

  finish(id: string, result: HandlingResult = { state: 'answered', reason: 'done' }): void {
    this.open.get(id)!(result)
  }
}

describe('InboxWorker', () => {
  let inbox: MemoryInbox
  let desk: Desk
  let worker: InboxWorker

  beforeEach(() => {
    jest.useFakeTimers()
    inbox = new MemoryInbox()
    desk = new Desk()
    worker = new InboxWorker(inbox, desk, new FixedClock(NOW), new PluginConfigReader(() => CONFIG))
  })

  afterEach(async () => {
    desk.answer = { state: 'answered', reason: 'done' }
    const stopped = worker.stop()
    await jest.advanceTimersByTimeAsync(5_000)
    await stopped
    jest.useRealTimers()
  })

  const settle = (): Promise<void> => jest.advanceTimersByTimeAsync(0)
  /** The next claim waits no longer for others. */
  const gathered = (): Promise<void> => crowdedFor(10)
  const crowdedFor = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms)

  it('works on nothing before it was started, however often it is woken', async () => {
    inbox.waiting.push(event('a'))
    worker.wake()
    await settle()
    expect(desk.handled).toEqual([])
    worker.start()
    await settle()
    expect(inbox.written).toEqual(['a answered: done'])
  })

  it('works at once when it is woken, and finds by itself what nobody rang for', async () => {
    worker.start()
    await gathered()
    inbox.waiting.push(event('a'))
    worker.wake()
    await settle()
    expect(desk.handled).toEqual(['a'])
    inbox.waiting.push(event('b'))
    await jest.advanceTimersByTimeAsync(2_000)
    expect(desk.handled).toEqual(['a', 'b'])
  })

  it('lets what comes right after a claim share the next one', async () => {
    worker.start()
    await settle()
    const { length } = inbox.asked
    for (const id of ['a', 'b', 'c']) {
      inbox.waiting.push(event(id))
      worker.wake()
      await settle()
    }
    expect([inbox.asked.length, desk.handled]).toEqual([length, []])
    await gathered()
    expect([inbox.asked.length, desk.handled]).toEqual([length + 1, ['a', 'b', 'c']])
  })

  it('writes how each event left its lane, but not what was written with its turn', async () => {
    inbox.waiting.push(event('a'), event('b'), event('c'))
    const results: HandlingResult[] = [
      { state: 'attached' },
      { state: 'refused', reason: 'not_mentioned' },
      { state: 'received', retryInSeconds: 2 }
    ]
    desk.answer = null
    worker.start()
    await settle()
    for (const [index, id] of ['a', 'b', 'c'].entries()) desk.finish(id, results[index])
    await settle()
    expect(inbox.written).toEqual(['b refused: not_mentioned', 'c back uncounted soon'])
  })

  it('has no more in work than it may, and claims for the free places only', async () => {
    desk.answer = null
    inbox.waiting.push(...Array.from({ length: 40 }, (_, index) => event(`e${index}`)))
    worker.start()
    await settle()
    expect([desk.handled.length, inbox.asked[0]]).toEqual([32, 32])
    desk.finish('e0')
    desk.finish('e1')
    await crowdedFor(50)
    expect(desk.handled).toHaveLength(34)
    expect(Math.max(...inbox.asked.slice(1))).toBeLessThanOrEqual(2)
    for (let index = 2; index < 40; index += 1) {
      desk.finish(`e${index}`)
      await crowdedFor(50)
    }
    expect(inbox.written).toHaveLength(40)
  })

  it('waits in a backlog for half of the places, but not for one that takes long', async () => {
    desk.answer = null
    inbox.waiting.push(...Array.from({ length: 60 }, (_, index) => event(`e${index}`)))
    worker.start()
    await settle()
    for (let index = 0; index < 15; index += 1) desk.finish(`e${index}`)
    await crowdedFor(20)
    expect(inbox.asked).toEqual([32])
    desk.finish('e15')
    await settle()
    expect(inbox.asked).toEqual([32, 16])
    desk.finish('e16')
    await crowdedFor(49)
    expect(inbox.asked).toEqual([32, 16])
    await crowdedFor(1)
    expect(inbox.asked).toEqual([32, 16, 1])
  })

  it('renews the claims of work that takes long, but leaves what hangs to others, and its place', async () => {
    desk.answer = null
    inbox.waiting.push(event('a'))
    worker.start()
    await jest.advanceTimersByTimeAsync(10_000)
    expect(inbox.renewed).toBeGreaterThanOrEqual(2)
    desk.finish('a')
    await settle()
    const before = inbox.renewed
    await jest.advanceTimersByTimeAsync(30_000)
    expect(inbox.renewed).toBe(before)
    inbox.waiting.push(...Array.from({ length: 33 }, (_, index) => event(`e${index}`)))
    await jest.advanceTimersByTimeAsync(123_000)
    inbox.renewed = 0
    await jest.advanceTimersByTimeAsync(30_000)
    expect([desk.handled.length, inbox.renewed]).toEqual([34, 10])
  })

  describe('when handling fails', () => {
    it.each([1, MAX_ATTEMPTS - 1])('gives the event back for another try after attempt %i', async (attempt) => {
      desk.answer = new Error('Lark is down')
      inbox.waiting.push(event('a', attempt))
      worker.start()
      await settle()
      expect(inbox.written).toEqual(['a back counted soon'])
      expect(desk.exhausting).toEqual([])
    })

    it('ends it after the last attempt and tells the person', async () => {
      desk.answer = new Error('Lark is down')
      inbox.waiting.push(event('a', MAX_ATTEMPTS))
      worker.start()
      await settle()
      expect(inbox.written).toEqual(['a failed: attempts_exhausted'])
      expect(desk.exhausting).toEqual(['a'])
    })

    it.each([
      ['its last attempt failed', new Error('Lark is down'), MAX_ATTEMPTS, 'attempts_exhausted'],
      ['it ended its process at every attempt', null, MAX_ATTEMPTS + 1, 'attempts_exhausted'],
      ['nobody can answer it', { state: 'failed', reason: 'bot_unknown' } as const, 1, 'bot_unknown']
    ])('says once in the log that it ended as failed: %s', async (_why, answer, attempt, reason) => {
      const error = jest.spyOn(Logger.prototype, 'error').mockImplementation()
      desk.answer = answer
      inbox.waiting.push(event('a', attempt))
      worker.start()
      await settle()
      expect(error.mock.calls).toEqual([
        [
          `an event ended as failed reason=${reason} integration=i event=a type=im.message.receive_v1 message=a chat=oc tenant=t`
        ]
      ])
      error.mockRestore()
    })

    it.each([
      ['it is no failure', { state: 'refused', reason: 'not_mentioned' } as const, undefined],
      [
        'somebody else holds it by now',
        { state: 'failed', reason: 'bot_unknown' } as const,
        new LeaseLostError('c', {})
      ]
    ])('does not say so where %s', async (_why, answer, lost) => {
      const error = jest.spyOn(Logger.prototype, 'error').mockImplementation()
      if (lost) inbox.end = () => Promise.reject(lost)
      desk.answer = answer
      inbox.waiting.push(event('a'))
      worker.start()
      await settle()
      expect(desk.handled).toEqual(['a'])
      expect(error).not.toHaveBeenCalled()
      error.mockRestore()
    })

    it('ends it at once where PostgreSQL refuses what it holds: its chat does not wait', async () => {
      desk.answer = Object.assign(new Error('unsupported Unicode escape sequence'), { driverError: { code: '22P05' } })
      inbox.waiting.push(event('a'))
      worker.start()
      await settle()
      expect(inbox.written).toEqual(['a failed: attempts_exhausted'])
      expect(desk.exhausting).toEqual(['a'])
    })

    it('does not touch again an event that ended its process at every attempt', async () => {
      inbox.waiting.push(event('a', MAX_ATTEMPTS + 1))
      worker.start()
      await settle()
      expect(desk.handled).toEqual([])
      expect(inbox.written).toEqual(['a failed: attempts_exhausted'])
      expect(desk.exhausting).toEqual(['a'])
    })

    it('writes nothing when somebody else holds the event by now', async () => {
      desk.answer = new LeaseLostError('inbox claim')
      inbox.waiting.push(event('a', MAX_ATTEMPTS))
      worker.start()
      await settle()
      expect([inbox.written, desk.exhausting]).toEqual([[], []])
    })

    it('claims again when a claim hangs, and gives back what it brings later', async () => {
      let answer = (): void => undefined
      inbox.beforeClaim = new Promise((resolve) => {
        answer = resolve
      })
      worker.start()
      await settle()
      inbox.beforeClaim = Promise.resolve()
      inbox.waiting.push(event('a'))
      await jest.advanceTimersByTimeAsync(14_000)
      expect(inbox.written).toEqual(['a answered: done'])
      inbox.waiting.push(event('b'))
      answer()
      await settle()
      expect(desk.handled).toEqual(['a'])
      expect(inbox.written).toEqual(['a answered: done', 'b back uncounted soon'])
    })

    it('outlives a database that is away', async () => {
      worker.start()
      await settle()
      inbox.failure = new Error('Connection terminated')
      inbox.waiting.push(event('a'))
      await jest.advanceTimersByTimeAsync(6_000)
      inbox.failure = undefined
      await jest.advanceTimersByTimeAsync(2_000)
      expect(inbox.written).toEqual(['a answered: done'])
    })
  })

  describe('the stop', () => {
    it('waits for running work and claims nothing more', async () => {
      desk.answer = null
      inbox.waiting.push(event('a'))
      worker.start()
      await settle()
      let stopped = false
      void worker.stop().then(() => {
        stopped = true
      })
      inbox.waiting.push(event('b'))
      worker.wake()
      await settle()
      expect(stopped).toBe(false)
      desk.finish('a')
      await settle()
      expect([stopped, desk.handled]).toEqual([true, ['a']])
    })

    it('gives back what a claim under way brings, instead of starting it', async () => {
      let claim = (): void => undefined
      inbox.beforeClaim = new Promise((resolve) => {
        claim = resolve
      })
      inbox.waiting.push(event('a'))
      worker.start()
      const stop = worker.stop()
      claim()
      await stop
      expect([desk.handled, inbox.written]).toEqual([[], ['a back uncounted soon']])
    })

    it('does not wait for ever, also when nothing can be given back', async () => {
      desk.answer = null
      inbox.release = () => new Promise(() => undefined)
      inbox.waiting.push(event('a'))
      worker.start()
      await settle()
      let stopped = false
      void worker.stop().then(() => {
        stopped = true
      })
      await jest.advanceTimersByTimeAsync(3_900)
      expect(stopped).toBe(false)
      await jest.advanceTimersByTimeAsync(1_100)
      expect(stopped).toBe(true)
      desk.finish('a')
    })

    it('leaves no timer behind', async () => {
      worker.start()
      await gathered()
      await worker.stop()
      await jest.advanceTimersByTimeAsync(60_000)
      expect(jest.getTimerCount()).toBe(0)
    })

    it('gives back what is not finished in time, uncounted, and renews it no more', async () => {
      desk.answer = null
      inbox.waiting.push(event('a'))
      worker.start()
      await settle()
      const stop = worker.stop()
      await jest.advanceTimersByTimeAsync(4_000)
      await stop
      expect(inbox.written).toEqual(['a back uncounted soon'])
      const { renewed } = inbox
      await jest.advanceTimersByTimeAsync(30_000)
      expect(inbox.renewed).toBe(renewed)
      desk.finish('a')
    })
  })
})
