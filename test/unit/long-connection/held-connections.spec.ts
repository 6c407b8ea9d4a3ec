import { LongConnectionClient, LongConnectionClients } from '../../../src/lark'
import { ConnectionLeases, ConnectionRow, Lease } from '../../../src/long-connection/connection-lease'
import { EventIntake } from '../../../src/long-connection/event-intake'
import { HeldConnections } from '../../../src/long-connection/held-connections'
import { SystemClock } from '../../../src/shared'
import { larkIntegration } from '../../support/lark-integration'

const APP = 'feishu:cli_1'

/** Renewals that the database answers when the test says so. */
class SlowLeases extends ConnectionLeases {
  readonly renewals: ((renewed: ReadonlySet<string>) => void)[] = []

  override renew(): Promise<ReadonlySet<string>> {
    return new Promise((resolve) => this.renewals.push(resolve))
  }

  override async offer(): Promise<void> {}
}

const anothers: ConnectionRow = {
  appKey: APP,
  tenantId: 't',
  organizationId: 'o',
  owner: 'another instance',
  leaseToken: 'another token',
  isHeld: true,
  state: 'connecting',
  desiredState: null,
  offered: null,
  reconnectAt: null,
  acceptedSecret: null
}

describe('a held connection', () => {
  let leases: SlowLeases
  let held: HeldConnections
  let open: number

  beforeEach(() => {
    jest.useFakeTimers()
    open = 0
    const client: LongConnectionClient = { start: () => (open += 1), close: () => (open -= 1) }
    const clients: Pick<LongConnectionClients, 'create'> = { create: () => client }
    leases = new SlowLeases(undefined as never, undefined as never)
    const none = undefined as never
    held = new HeldConnections(
      leases,
      clients as LongConnectionClients,
      none as EventIntake,
      none,
      none,
      new SystemClock()
    )
    const inherited = {
      reconnectCount: 0,
      recentErrors: [],
      lastConnectedAt: null,
      lastEventAt: null,
      acceptedSecret: null
    }
    const lease: Lease = { appKey: APP, token: 'token', inherited }
    const app = { appKey: APP, tenantId: 't', organizationId: 'o', integrations: [larkIntegration({})], conflicts: [] }
    held.add(app, lease, { confirmedAt: performance.now(), reconnectAt: 0 })
  })

  afterEach(() => jest.useRealTimers())

  const pass = (seconds: number) => jest.advanceTimersByTimeAsync(seconds * 1000)
  const isHeld = async (): Promise<boolean> => {
    await held.closeExpired()
    return held.get(APP) !== undefined
  }

  it('is closed once its lease has run out, though its renewal hangs', async () => {
    await pass(10)
    void held.renewAll()
    await pass(19)
    expect(await isHeld()).toBe(true)
    await pass(1)
    expect(await isHeld()).toBe(false)
  })

  it('lives for as long as a renewal gives it that took effect after nobody waited for it any more', async () => {
    await pass(10)
    const renewal = held.renewAll()
    await pass(6)
    await renewal
    leases.renewals[0]!(new Set([APP]))
    await pass(14)
    expect(await isHeld()).toBe(true)
    await pass(9)
    expect(await isHeld()).toBe(true)
    await pass(1)
    expect(await isHeld()).toBe(false)
  })

  describe('that was offered', () => {
    const handOver = async (row: Partial<ConnectionRow> = {}): Promise<void> =>
      held.follow(new Map([[APP, { ...anothers, ...row }]]))

    beforeEach(async () => {
      held.start(APP)
      await held.offer([APP], 'balance')
      await handOver()
    })

    it('keeps its socket until the next owner is connected', async () => {
      expect([held.get(APP), held.isEmpty, open]).toEqual([undefined, false, 1])
      await handOver({ state: 'connected' })
      expect([held.isEmpty, open]).toEqual([true, 0])
    })

    it('closes it after 30 s where the next owner does not come', async () => {
      await pass(29)
      await held.closeExpired()
      expect([held.isEmpty, open]).toEqual([false, 1])
      await pass(2)
      await held.closeExpired()
      expect([held.isEmpty, open]).toEqual([true, 0])
    })
  })
})
