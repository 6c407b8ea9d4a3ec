import { DataSource } from 'typeorm'
import { LarkProvisionUserProcessor } from '../../../src/directory/provision-user.processor'
import { PROVISION_TYPE } from '../../../src/directory/newcomers'
import { HandoffMessage, HostServices, HostUnavailableError, HostUser, pluginMessage } from '../../../src/host'
import { AppInspections } from '../../../src/lark'
import { LarkSettings } from '../../../src/settings'
import { INTEGRATION_ID, larkIntegration, StaticReader } from '../../support/lark-integration'

const NOW = new Date('2026-03-01T10:00:00Z')

/** The host's users, by tenant and union id. */
class Users extends HostServices {
  readonly made: Parameters<HostServices['provisionUser']>[0][] = []
  known: HostUser | null = null
  isAway = false

  constructor() {
    super(undefined as never)
  }

  override async findUser(): Promise<HostUser | null> {
    if (this.isAway) throw new HostUnavailableError('user service')
    return this.known
  }

  override async provisionUser(input: Parameters<HostServices['provisionUser']>[0]): Promise<HostUser | null> {
    this.made.push(input)
    return { id: 'user', tenantId: input.tenantId } as HostUser
  }
}

describe('a newcomer', () => {
  let users: Users

  beforeEach(() => {
    users = new Users()
  })

  const process = (settings: Partial<LarkSettings>, message: Partial<HandoffMessage> = {}) => {
    const manager = { query: async () => [] }
    const dataSource = { transaction: (work: (manager: unknown) => unknown) => work(manager) }
    const inspections = { for: () => ({ profile: async () => ({ name: 'Mei' }) }) }
    const processor = new LarkProvisionUserProcessor(
      dataSource as unknown as DataSource,
      users,
      new StaticReader(larkIntegration(settings)),
      inspections as unknown as AppInspections
    )
    const payload = { integrationId: INTEGRATION_ID, openId: 'ou_1', unionId: 'on_1' }
    const own = { id: 'message', type: PROVISION_TYPE, tenantId: 'tenant-1', organizationId: null }
    return processor.process({
      ...pluginMessage({ ...own, integrationId: INTEGRATION_ID, payload }, NOW),
      ...message
    })
  }
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

  it('without ids is nobody', async () => {
    expect(await process(provisioning, { payload: { integrationId: INTEGRATION_ID } })).toMatchObject({
      status: 'dead'
    })
    expect(users.made).toEqual([])
  })
})
