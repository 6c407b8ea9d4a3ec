import { DataSource } from 'typeorm'
import { LarkProvisionUserProcessor } from '../../../src/directory/provision-user.processor'
import { Newcomers, PROVISION_TYPE } from '../../../src/directory/newcomers'
import { HandoffMessage, HostServices, HostUnavailableError, HostUser, pluginMessage } from '../../../src/host'
import { AppInspections } from '../../../src/lark'
import { LarkSettings } from '../../../src/settings'
import { FixedClock } from '../../support/conversation-parts'
import { INTEGRATION_ID, larkIntegration, StaticReader } from '../../support/lark-integration'

const NOW = new Date('2026-03-01T10:00:00Z')

/** The host's users, by tenant and union id. */
class Users extends HostServices {
  readonly made: Parameters<HostServices['provisionUser']>[0][] = []
  readonly asked: { message: HandoffMessage; delayMs: number }[] = []
  known: HostUser | null = null
  isAway = false
  isQueueAway = false
  /** Until it is over, nobody is made a user. */
  busy: Promise<unknown> = Promise.resolve()

  constructor() {
    super(undefined as never)
  }

  override async findUser(): Promise<HostUser | null> {
    if (this.isAway) throw new HostUnavailableError('user service')
    return this.known
  }

  override async provisionUser(input: Parameters<HostServices['provisionUser']>[0]): Promise<HostUser | null> {
    this.made.push(input)
    await this.busy
    return { id: 'user', tenantId: input.tenantId } as HostUser
  }

  override async enqueue(message: HandoffMessage, options: { delayMs?: number } = {}): Promise<void> {
    if (this.isQueueAway) throw new HostUnavailableError('handoff queue')
    this.asked.push({ message, delayMs: options.delayMs ?? 0 })
  }
}

describe('a newcomer', () => {
  let users: Users

  beforeEach(() => {
    users = new Users()
  })

  const processorFor = (settings: Partial<LarkSettings>) => {
    const manager = { query: async () => [{ isMine: true }] }
    const dataSource = { transaction: (work: (manager: unknown) => unknown) => work(manager) }
    const inspections = { for: () => ({ profile: async () => ({ name: 'Mei' }) }) }
    return new LarkProvisionUserProcessor(
      dataSource as unknown as DataSource,
      users,
      new StaticReader(larkIntegration(settings)),
      new Newcomers(users, new FixedClock(NOW)),
      inspections as unknown as AppInspections
    )
  }
  const messageOf = (number: number) => {
    const payload = { integrationId: INTEGRATION_ID, openId: `ou_${number}`, unionId: `on_${number}` }
    const own = { id: 'message', type: PROVISION_TYPE, tenantId: 'tenant-1', organizationId: null }
    return pluginMessage({ ...own, integrationId: INTEGRATION_ID, payload }, NOW)
  }
  const process = (settings: Partial<LarkSettings>, message: Partial<HandoffMessage> = {}) =>
    processorFor(settings).process({ ...messageOf(1), ...message })
  const provisioning = { userProvision: { autoProvision: true, roleName: 'VIEWER' } }

  it('becomes a user of the integration’s tenant, with the configured role', async () => {
    expect(await process(provisioning)).toEqual({ status: 'ok' })
    expect(users.made).toMatchObject([
      { tenantId: 'tenant-1', thirdPartyId: 'on_1', profile: { firstName: 'Mei' }, defaults: { roleName: 'VIEWER' } }
    ])
  })

  it('is made once: whoever is a user already stays one', async () => {
    users.known = { id: 'user', tenantId: 'tenant-1' } as HostUser
    expect(await process(provisioning)).toEqual({ status: 'ok' })
    expect(users.made).toEqual([])
  })

  it.each<[string, Partial<LarkSettings>, Partial<HandoffMessage>]>([
    ['where the message is of another tenant', provisioning, { tenantId: 'another' }],
    ['where the integration makes no users by now', { userProvision: { autoProvision: false } }, {}],
    [
      'where it would be an administrator',
      { userProvision: { autoProvision: true, roleName: 'Tenant Administrator' } },
      {}
    ],
    [
      'where the integration is gone',
      provisioning,
      { payload: { integrationId: 'gone', openId: 'ou_1', unionId: 'on_1' } }
    ]
  ])('becomes nobody %s', async (_, settings, message) => {
    expect(await process(settings, message)).toEqual({ status: 'ok' })
    expect(users.made).toEqual([])
  })

  it('is asked for again while the host is away', async () => {
    users.isAway = true
    expect(await process(provisioning)).toMatchObject({ status: 'retry' })
    expect(users.made).toEqual([])
  })

  it('behind too many others is asked for anew, as often as it takes, and used up no retry', async () => {
    let free = (): void => undefined
    users.busy = new Promise<void>((resolve) => {
      free = resolve
    })
    const processor = processorFor(provisioning)
    const before = [1, 2, 3, 4, 5].map((number) => processor.process(messageOf(number)))
    const last = { ...messageOf(6), attempt: 5 }
    expect(await processor.process(last)).toEqual({ status: 'ok' })
    expect(users.asked).toMatchObject([{ message: { attempt: 1, payload: last.payload } }])
    expect(users.asked[0]!.delayMs).toBeGreaterThanOrEqual(2_000)

    free()
    await Promise.all(before)
    expect(await processor.process(users.asked[0]!.message)).toEqual({ status: 'ok' })
    expect(users.made.map(({ thirdPartyId }) => thirdPartyId)).toEqual([1, 2, 3, 4, 5, 6].map((n) => `on_${n}`))
  })

  it('behind too many others is tried again where the host’s queue is away', async () => {
    users.busy = new Promise(() => undefined)
    const processor = processorFor(provisioning)
    for (const number of [1, 2, 3, 4, 5]) void processor.process(messageOf(number))
    users.isQueueAway = true
    expect(await processor.process(messageOf(6))).toMatchObject({ status: 'retry' })
  })

  it('without ids is nobody', async () => {
    expect(await process(provisioning, { payload: { integrationId: INTEGRATION_ID } })).toMatchObject({
      status: 'dead'
    })
    expect(users.made).toEqual([])
  })
})
