import { XpertNames, XpertRows } from '../../../src/host'
import { IntegrationLookUp, IntegrationReader, LarkIntegration, LarkSettings } from '../../../src/settings'
import { AppBindings } from '../../../src/trigger/app-bindings'
import { BindingExperts } from '../../../src/trigger/binding-experts'
import { Binding, BindingRepository } from '../../../src/trigger/binding.repository'

const ADA = '00000000-0000-4000-8000-000000000001'
const SETTINGS = { appId: 'cli_1', region: 'feishu' } as LarkSettings
const INTEGRATION = { id: 'own', tenantId: 't', organizationId: 'o', settings: SETTINGS }

class Reader extends IntegrationReader {
  readonly found = new Map<string, IntegrationLookUp>()

  async find(): Promise<LarkIntegration | null> {
    return null
  }

  async lookUp(id: string): Promise<IntegrationLookUp> {
    return this.found.get(id) ?? 'unknown'
  }

  drop(): void {}
}

class Bindings extends BindingRepository {
  bound: string[] = []

  override async find(integrationId: string): Promise<Binding | null> {
    return (await this.ofOrganization()).find((binding) => binding.integrationId === integrationId) ?? null
  }

  override async ofOrganization(): Promise<Binding[]> {
    return this.bound.map((integrationId) => ({
      integrationId,
      xpertId: ADA,
      tenantId: 't',
      organizationId: 'o',
      config: {}
    }))
  }
}

class Names extends XpertNames {
  names = new Map([[ADA, 'Ada']])

  override async of(): Promise<ReadonlyMap<string, string>> {
    return this.names
  }
}

class Rows extends XpertRows {
  deleted: string[] = []

  override async gone(ids: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set(ids.filter((id) => this.deleted.includes(id)))
  }
}

describe('who answers an integration', () => {
  let reader: Reader
  let bindings: Bindings
  let names: Names
  let rows: Rows

  beforeEach(() => {
    reader = new Reader()
    bindings = new Bindings(undefined as never)
    names = new Names(undefined as never)
    rows = new Rows(undefined as never)
  })

  const expert = () => new BindingExperts(bindings, new AppBindings(bindings, reader), names, rows).of(INTEGRATION)
  const integrationOf = (appId: string): IntegrationLookUp => ({
    integration: { settings: { ...SETTINGS, appId } } as LarkIntegration
  })

  it('is the Digital Expert of its own binding, by its id where the host does not tell the name', async () => {
    bindings.bound = ['own']
    expect(await expert()).toEqual({ state: 'answers', name: 'Ada', isElsewhere: false })
    names.names = new Map()
    expect(await expert()).toMatchObject({ state: 'answers', name: ADA })
  })

  it('is one that is deleted', async () => {
    bindings.bound = ['own']
    rows.deleted = [ADA]
    expect(await expert()).toEqual({ state: 'gone', name: 'Ada', isElsewhere: false })
  })

  it('is the one of another integration of its app, and of no other app', async () => {
    bindings.bound = ['other', 'another']
    reader.found.set('other', integrationOf('cli_2'))
    expect(await expert()).toMatchObject({ state: 'none' })
    reader.found.set('another', integrationOf('cli_1'))
    expect(await expert()).toEqual({ state: 'answers', name: 'Ada', isElsewhere: true })
  })

  it('is not known while an integration that may be of its app can not be read', async () => {
    bindings.bound = ['other', 'another']
    reader.found.set('other', 'unavailable')
    expect(await expert()).toEqual({ state: 'unknown', name: '', isElsewhere: false })
    reader.found.set('another', integrationOf('cli_1'))
    expect(await expert()).toMatchObject({ state: 'answers', isElsewhere: true })
  })
})
