import { Logger } from '@nestjs/common'
import { PluginConfigReader } from '../../../src/cluster'
import { ClaimedEvent, InboxRepository, InboxWorker } from '../../../src/inbox'
import { TestClock } from '../../support/webhook-parts'

const EVENTS = ['a', 'b', 'c'].map((id): ClaimedEvent => ({ id, claimToken: id, attempt: 1 }) as ClaimedEvent)

/** Gives its events once, and then nothing more. */
class Outage extends InboxRepository {
  private isAway = false

  constructor() {
    super(undefined as never)
  }

  override async claim(): Promise<ClaimedEvent[]> {
    if (this.isAway) throw new Error('Connection terminated')
    this.isAway = true
    return EVENTS
  }

  override async renew(): Promise<boolean> {
    throw new Error('Connection terminated')
  }

  override async release(): Promise<void> {}
}

describe('an outage of the database', () => {
  it('leaves a line a minute about claims, however many are looked for or held', async () => {
    jest.useFakeTimers()
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation()
    const desk = { handle: () => new Promise<never>(() => undefined), exhausted: async () => undefined }
    const worker = new InboxWorker(new Outage(), desk, new TestClock(), new PluginConfigReader(() => ({})))
    worker.start()
    await jest.advanceTimersByTimeAsync(30_000)
    const stopped = worker.stop()
    await jest.advanceTimersByTimeAsync(5_000)
    await stopped
    expect(warn.mock.calls.map(([line]) => String(line))).toEqual([
      'claiming failed, the next poll tries again times=1 error=Connection terminated',
      expect.stringMatching(/^a claim was not renewed event=\w times=1 error=Connection terminated$/)
    ])
    jest.restoreAllMocks()
    jest.useRealTimers()
  })
})
