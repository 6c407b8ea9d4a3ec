import { HeldReply } from '../../../src/reply/held-reply'
import { AppForms } from '../../../src/reply/app-forms'
import { ReplyWriter } from '../../../src/reply/reply-writer'
import { TypingSign } from '../../../src/reply/typing-sign'
import { FixedClock } from '../../support/conversation-parts'
import { FakeLark } from '../../support/fake-lark'
import { MemoryLedger } from '../../support/reply-parts'

const OWNER = { turnId: 'turn-1', integrationId: 'i', chatId: 'oc_1' }

/** Counts what becomes of a lease. */
class CountingLedger extends MemoryLedger {
  renewals = 0
  releases = 0
  isAway = false

  override async renew(): Promise<void> {
    if (this.isAway) throw new Error('the database is away')
    this.renewals += 1
  }

  override async release(reply: HeldReply): Promise<void> {
    reply.released = true
    this.releases += 1
  }
}

describe('the lease of an answer', () => {
  let ledger: CountingLedger
  let writer: ReplyWriter
  let held: HeldReply

  beforeEach(async () => {
    jest.useFakeTimers()
    const clock = new FixedClock(new Date('2026-03-01T10:00:00Z'))
    const lark = new FakeLark()
    ledger = new CountingLedger()
    writer = new ReplyWriter(lark, ledger, new AppForms(lark, clock), new TypingSign(lark, ledger, clock), clock)
    held = (await writer.hold(OWNER))!
  })

  afterEach(() => jest.useRealTimers())

  const pass = (seconds: number) => jest.advanceTimersByTimeAsync(seconds * 1000)

  it('is let go of after the work', async () => {
    await writer.whileHeld(held, async () => undefined)
    expect(ledger.releases).toBe(1)
    expect(jest.getTimerCount()).toBe(0)
  })

  it('is let go of after work that fails, which is told to who asked for it', async () => {
    const work = writer.whileHeld(held, async () => {
      throw new Error('nothing was shown')
    })
    await expect(work).rejects.toThrow('nothing was shown')
    expect(ledger.releases).toBe(1)
    expect(jest.getTimerCount()).toBe(0)
  })

  it('is let go of once where the last write did it', async () => {
    await writer.whileHeld(held, async () => {
      held.released = true
    })
    expect(ledger.releases).toBe(0)
  })

  it('is renewed while the work takes long, until it is let go of, also after a renewal that failed', async () => {
    let finish = (): void => undefined
    const work = writer.whileHeld(held, () => new Promise<void>((resolve) => (finish = resolve)))
    ledger.isAway = true
    await pass(10)
    ledger.isAway = false
    await pass(20)
    expect(ledger.renewals).toBe(4)
    held.released = true
    await pass(20)
    expect(ledger.renewals).toBe(4)
    finish()
    await work
    expect(jest.getTimerCount()).toBe(0)
  })
})
