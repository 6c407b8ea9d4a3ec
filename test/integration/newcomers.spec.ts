import { DataSource } from 'typeorm'
import { LarkProvisionUserProcessor } from '../../src/directory/provision-user.processor'
import { Newcomers, PROVISION_TYPE } from '../../src/directory/newcomers'
import { HostServices, HostUser, NewUser, pluginMessage } from '../../src/host'
import { AppInspections } from '../../src/lark'
import { FixedClock } from '../support/conversation-parts'
import { createTestDatabase, TestDatabase } from '../support/database'
import { eventually } from '../support/eventually'
import { INTEGRATION_ID, larkIntegration, StaticReader } from '../support/lark-integration'
import { openPluginTables } from '../support/plugin-tables'

const NOW = new Date('2026-03-01T10:00:00Z')

/** A host that makes nobody a user before it is told to. */
class SlowHost extends HostServices {
  readonly making: string[] = []
  go = (): void => undefined
  private readonly told: Promise<void>

  constructor(isSlow: boolean) {
    super(undefined as never)
    this.told = isSlow ? new Promise((resolve) => (this.go = resolve)) : Promise.resolve()
  }

  override async findUser(): Promise<HostUser | null> {
    return null
  }

  override async provisionUser({ tenantId, thirdPartyId }: NewUser): Promise<HostUser | null> {
    this.making.push(thirdPartyId)
    await this.told
    return { id: `user of ${thirdPartyId}`, tenantId }
  }
}

describe('a newcomer whom another instance makes a user of', () => {
  let database: TestDatabase
  let dataSource: DataSource

  beforeAll(async () => {
    database = await createTestDatabase()
    dataSource = await openPluginTables(database.url)
  })

  afterAll(async () => {
    await dataSource.destroy()
    await database.drop()
  })

  const instance = (isSlow: boolean) => {
    const host = new SlowHost(isSlow)
    const reader = new StaticReader(larkIntegration({ userProvision: { autoProvision: true } }))
    const inspections = { for: () => ({ profile: async () => ({}) }) } as unknown as AppInspections
    const newcomers = new Newcomers(host, new FixedClock(NOW))
    return { host, processor: new LarkProvisionUserProcessor(dataSource, host, reader, newcomers, inspections) }
  }
  const messageOf = (name: string) =>
    pluginMessage(
      {
        ...{ id: 'message', type: PROVISION_TYPE, tenantId: 'tenant-1', organizationId: null },
        ...{ integrationId: INTEGRATION_ID },
        payload: { integrationId: INTEGRATION_ID, openId: `ou_${name}`, unionId: `on_${name}` }
      },
      NOW
    )

  it('is looked for again later, and holds up nobody else, however long the other one takes', async () => {
    const [first, second] = [instance(true), instance(false)]
    const made = first.processor.process(messageOf('mei'))
    await eventually('the first instance is at it', async () => first.host.making.length === 1)

    expect(await second.processor.process(messageOf('mei'))).toMatchObject({ status: 'retry' })
    expect(await second.processor.process(messageOf('lin'))).toEqual({ status: 'ok' })
    expect(second.host.making).toEqual(['on_lin'])

    first.host.go()
    expect(await made).toEqual({ status: 'ok' })
  })
})
