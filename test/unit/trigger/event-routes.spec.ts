import { InstanceRegistry } from '../../../src/cluster'
import { ClaimedEvent, InboxRepository } from '../../../src/inbox'
import { MessageEvent } from '../../../src/lark'
import {
  IntegrationLookUp,
  IntegrationReader,
  IntegrationUnavailableError,
  LarkIntegration
} from '../../../src/settings'
import { Binding, BindingRepository } from '../../../src/trigger/binding.repository'
import { AppBindings } from '../../../src/trigger/app-bindings'
import { EventRoutes } from '../../../src/trigger/event-routes'
import { UnpublishedSpells } from '../../../src/trigger/unpublished-spells'
import { FixedClock } from '../../support/conversation-parts'

class Reader extends IntegrationReader {
  readonly found = new Map<string, IntegrationLookUp>()

  async find(id: string): Promise<LarkIntegration | null> {
    const found = await this.lookUp(id)
    return typeof found === 'string' ? null : found.integration
  }

  async lookUp(id: string): Promise<IntegrationLookUp> {
    return this.found.get(id) ?? 'unknown'
  }

  drop(): void {}
}

class Bindings extends BindingRepository {
  override async find(): Promise<Binding | null> {
    return null
  }

  override async ofOrganization(): Promise<Binding[]> {
    return ['other', 'bound'].map((integrationId) => ({ integrationId }) as Binding)
  }
}

class Inbox extends InboxRepository {
  readonly redirected: string[] = []

  override async redirect(_claim: ClaimedEvent, integrationId: string): Promise<void> {
    this.redirected.push(integrationId)
  }
}

describe('the route of an event whose integration has no expert', () => {
  const EVENT = { integrationId: 'receiving', tenantId: 't', organizationId: 'o' } as ClaimedEvent
  const MESSAGE = { appId: 'cli_1' } as MessageEvent
  const clock = new FixedClock(new Date())
  let reader: Reader
  let inbox: Inbox
  let routes: EventRoutes

  const integrationOf = (id: string, appId: string): IntegrationLookUp => ({
    integration: { id, settings: { appId, region: 'feishu' } } as LarkIntegration
  })

  beforeEach(() => {
    reader = new Reader()
    inbox = new Inbox(undefined as never)
    const bindings = new Bindings(undefined as never)
    const apps = new AppBindings(bindings, reader)
    routes = new EventRoutes(
      bindings,
      apps,
      reader,
      inbox,
      new UnpublishedSpells(clock, { living: 1 } as InstanceRegistry)
    )
    reader.found.set('receiving', integrationOf('receiving', 'cli_1'))
    reader.found.set('other', integrationOf('other', 'cli_2'))
    reader.found.set('bound', integrationOf('bound', 'cli_1'))
  })

  it('is another integration of its app', async () => {
    expect(await routes.of(EVENT, MESSAGE)).toMatchObject({ integration: { id: 'bound' } })
    expect(inbox.redirected).toEqual(['bound'])
  })

  it('is none where all others are of other apps, or gone', async () => {
    reader.found.set('bound', 'unknown')
    expect(await routes.of(EVENT, MESSAGE)).toBe('republishing')
  })

  it('is none for good where its integration is gone, unless another one has its app', async () => {
    reader.found.delete('receiving')
    expect(await routes.of(EVENT, MESSAGE)).toMatchObject({ integration: { id: 'bound' } })
    reader.found.delete('bound')
    expect(await routes.of(EVENT, MESSAGE)).toBe('integration_removed')
  })

  it('is none where its integration names another app by now', async () => {
    const bindings = Object.assign(new Bindings(undefined as never), {
      find: async () => ({ integrationId: 'receiving' }) as Binding
    })
    routes = new EventRoutes(
      bindings,
      new AppBindings(bindings, reader),
      reader,
      inbox,
      new UnpublishedSpells(clock, { living: 1 } as InstanceRegistry)
    )
    expect(await routes.of(EVENT, MESSAGE)).toMatchObject({ integration: { id: 'receiving' } })
    reader.found.set('receiving', integrationOf('receiving', 'cli_3'))
    expect(await routes.of(EVENT, MESSAGE)).toBe('wrong_app')
  })

  it('is not decided while one that may be it can not be read', async () => {
    reader.found.set('bound', 'unavailable')
    await expect(routes.of(EVENT, MESSAGE)).rejects.toThrow(IntegrationUnavailableError)
  })
})
