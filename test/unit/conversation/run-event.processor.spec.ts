import { InstanceIdentity, InstanceRegistry } from '../../../src/cluster'
import { LarkRunEventProcessor } from '../../../src/conversation/run-event.processor'
import { RunEventIntake } from '../../../src/conversation/run-event.intake'
import { RunFollower } from '../../../src/conversation/run-follower'
import { HandoffMessage, RunCallback } from '../../../src/host'
import { deterministicUuid } from '../../../src/shared'

const TURN = deterministicUuid('turn')
const ATTEMPT = deterministicUuid('attempt')

class MemoryEvents extends RunEventIntake {
  readonly stored: [string, number][] = []
  down = false

  constructor() {
    super(undefined as never, new InstanceRegistry(undefined as never, new InstanceIdentity()))
  }

  override async store(turnId: string, callback: RunCallback): Promise<void> {
    if (this.down) throw new Error('Connection terminated')
    this.stored.push([turnId, callback.sequence])
  }
}

class Doorbell extends RunFollower {
  readonly rings: [string, string, string][] = []

  constructor() {
    super(
      undefined as never,
      undefined as never,
      undefined as never,
      undefined as never,
      undefined as never,
      undefined as never
    )
  }

  override heard(turnId: string, { attempt, signal }: RunCallback): void {
    this.rings.push([turnId, attempt, signal.type])
  }
}

const message = (payload: Record<string, unknown> = {}, attempt = 1): HandoffMessage => ({
  id: 'x:callback:1',
  type: 'plugin.lark.run_event.v1',
  version: 1,
  tenantId: 't',
  sessionKey: 's',
  businessKey: 's',
  attempt,
  maxAttempts: 5,
  enqueuedAt: 1,
  traceId: 'x',
  payload: {
    kind: 'stream',
    sourceMessageId: ATTEMPT,
    sequence: 3,
    context: { turnId: TURN },
    event: { data: {} },
    ...payload
  }
})

describe('LarkRunEventProcessor', () => {
  const setUp = () => {
    const events = new MemoryEvents()
    const follower = new Doorbell()
    return { events, follower, processor: new LarkRunEventProcessor(events, follower) }
  }

  it('stores an event and rings', async () => {
    const { events, follower, processor } = setUp()
    expect(await processor.process(message())).toEqual({ status: 'ok' })
    expect(events.stored).toEqual([[TURN, 3]])
    expect(follower.rings).toEqual([[TURN, ATTEMPT, 'other']])
  })

  it.each(['complete', 'error'])('says that a run ended with %s', async (kind) => {
    const { follower, processor } = setUp()
    await processor.process(message({ kind }))
    expect(follower.rings).toEqual([[TURN, ATTEMPT, kind]])
  })

  it.each([
    [1, 2_000],
    [2, 8_000],
    [3, 30_000],
    [4, 60_000],
    [5, 60_000]
  ])('lets the host bring it again when attempt %i can not be stored', async (attempt, delayMs) => {
    const { events, follower, processor } = setUp()
    events.down = true
    expect(await processor.process(message({}, attempt))).toMatchObject({ status: 'retry', delayMs })
    expect(follower.rings).toEqual([])
  })

  it.each<[string, Record<string, unknown>]>([
    ['without a sequence', { sequence: undefined }],
    ['without a turn', { context: {} }],
    ['with a turn that is none', { context: { turnId: 'turn-1' } }],
    ['of a dispatch that is not ours', { sourceMessageId: 'chat-42' }]
  ])('gives up a callback %s for good, and stores nothing', async (_what, payload) => {
    const { events, processor } = setUp()
    expect(await processor.process(message(payload))).toMatchObject({ status: 'dead' })
    expect(events.stored).toEqual([])
  })
})
