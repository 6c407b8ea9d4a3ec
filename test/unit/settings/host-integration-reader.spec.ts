import { HostContext, HostIntegration, HostServices } from '../../../src/host'
import { HostIntegrationReader } from '../../../src/settings/host-integration-reader'
import { deterministicUuid } from '../../../src/shared'

const ID = deterministicUuid('integration')

const stored = (more: Partial<HostIntegration> = {}): HostIntegration => ({
  id: ID,
  tenantId: 't',
  organizationId: 'o',
  name: 'Bot',
  provider: 'lark',
  options: { appId: 'cli_1', appSecret: 's' },
  ...more
})

class HostWith extends HostContext {
  readonly config = {}
  reads = 0

  constructor(public answer: HostIntegration | null | Error) {
    super()
  }

  resolve<T>(): T {
    const read = async (): Promise<HostIntegration | null> => {
      this.reads += 1
      if (this.answer instanceof Error) throw this.answer
      return this.answer
    }
    return { read } as T
  }
}

const readerOf = (host: HostWith): HostIntegrationReader => new HostIntegrationReader(new HostServices(host))

describe('HostIntegrationReader', () => {
  it('parses an integration and reads it once for all who ask', async () => {
    const host = new HostWith(stored())
    const reader = readerOf(host)
    const found = await Promise.all([reader.find(ID), reader.find(ID), reader.find(ID)])
    expect(found[0]).toMatchObject({
      id: ID,
      tenantId: 't',
      organizationId: 'o',
      name: 'Bot',
      settings: { appId: 'cli_1' }
    })
    expect(await reader.find(ID)).toBe(found[0])
    expect(host.reads).toBe(1)
  })

  it('reads again after a change', async () => {
    const host = new HostWith(stored())
    const reader = readerOf(host)
    await reader.find(ID)
    host.answer = stored({ options: { appId: 'cli_2', appSecret: 's' } })
    reader.drop(ID)
    expect((await reader.find(ID))?.settings.appId).toBe('cli_2')
  })

  it('does not remember that nothing was found: the host answers null on its own errors too', async () => {
    const host = new HostWith(null)
    const reader = readerOf(host)
    expect(await reader.find(ID)).toBeNull()
    host.answer = stored()
    expect(await reader.find(ID)).not.toBeNull()
  })

  it.each([
    ['another provider', stored({ provider: 'slack' })],
    ['unusable options', stored({ options: null })],
    ['a missing secret', stored({ options: { appId: 'cli_1' } })]
  ])('is null for %s', async (_what, integration) => {
    expect(await readerOf(new HostWith(integration)).find(ID)).toBeNull()
  })

  it('asks the host for nothing that is no id', async () => {
    const host = new HostWith(stored())
    expect(await readerOf(host).find(`' OR 1=1`)).toBeNull()
    expect(host.reads).toBe(0)
  })

  it('passes an outage on', async () => {
    await expect(readerOf(new HostWith(new Error('down'))).find(ID)).rejects.toThrow('down')
  })
})
