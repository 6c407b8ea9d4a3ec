import { DataSource } from 'typeorm'
import { HostContext, HostIntegration, HostServices, IntegrationRows } from '../../../src/host'
import { HostIntegrationReader } from '../../../src/settings/host-integration-reader'
import { deterministicUuid } from '../../../src/shared'
import { TestClock } from '../../support/webhook-parts'

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

  constructor(public answer: HostIntegration | null | Error | Promise<never>) {
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

/** The host's table: the ids in it, or why it can not be read. */
class Table {
  statements = 0

  constructor(public content: string[] | Error | Promise<never> = []) {}

  async query<T>(_sql: string, [id]: string[]): Promise<T> {
    this.statements += 1
    const content = await this.content
    if (content instanceof Error) throw content
    return content.filter((one) => one === id) as T
  }
}

const readerOf = (host: HostWith, table = new Table(), clock = new TestClock()): HostIntegrationReader =>
  new HostIntegrationReader(new HostServices(host), new IntegrationRows(table as unknown as DataSource), clock)

describe('HostIntegrationReader', () => {
  it('parses an integration and reads it once for all who ask', async () => {
    const host = new HostWith(stored())
    const reader = readerOf(host)
    const found = await Promise.all([reader.lookUp(ID), reader.lookUp(ID), reader.lookUp(ID)])
    expect(found[0]).toMatchObject({
      integration: { id: ID, tenantId: 't', organizationId: 'o', name: 'Bot', settings: { appId: 'cli_1' } }
    })
    expect(await reader.lookUp(ID)).toBe(found[0])
    expect(host.reads).toBe(1)
  })

  it('reads again after a change', async () => {
    const host = new HostWith(stored())
    const reader = readerOf(host)
    await reader.lookUp(ID)
    host.answer = stored({ options: { appId: 'cli_2', appSecret: 's' } })
    reader.drop(ID)
    expect(await reader.lookUp(ID)).toMatchObject({ integration: { settings: { appId: 'cli_2' } } })
  })

  describe('where somebody leaves it without an answer', () => {
    const never = new Promise<never>(() => undefined)

    beforeEach(() => jest.useFakeTimers())

    afterEach(() => jest.useRealTimers())

    it('finds an integration unavailable in five seconds, for all who ask, and asks the host anew', async () => {
      const host = new HostWith(never)
      const reader = readerOf(host)
      const found = Promise.all([reader.lookUp(ID), reader.lookUp(ID)])
      await jest.advanceTimersByTimeAsync(5_000)
      expect(await found).toEqual(['unavailable', 'unavailable'])
      host.answer = stored()
      expect(await reader.lookUp(ID)).toMatchObject({ integration: { id: ID } })
      expect(host.reads).toBe(2)
    })

    it('finds it unavailable in ten seconds where the table does not say whether it is there', async () => {
      const found = readerOf(new HostWith(null), new Table(never)).lookUp(ID)
      await jest.advanceTimersByTimeAsync(10_000)
      expect(await found).toBe('unavailable')
    })
  })

  it('reads again after ten seconds: another instance may have taken a change', async () => {
    const clock = new TestClock()
    const host = new HostWith(stored())
    const reader = readerOf(host, new Table(), clock)
    await reader.lookUp(ID)
    clock.advance(9_000)
    await reader.lookUp(ID)
    expect(host.reads).toBe(1)
    clock.advance(1_001)
    await reader.lookUp(ID)
    expect(host.reads).toBe(2)
  })

  it('does not remember what was read before a change', async () => {
    const host = new HostWith(stored())
    const reader = readerOf(host)
    const before = reader.lookUp(ID)
    reader.drop(ID)
    host.answer = stored({ options: { appId: 'cli_2', appSecret: 's' } })
    await before
    expect(await reader.lookUp(ID)).toMatchObject({ integration: { settings: { appId: 'cli_2' } } })
  })

  it('takes all spellings of an id for one', async () => {
    const host = new HostWith(stored())
    const reader = readerOf(host)
    await Promise.all([reader.lookUp(ID), reader.lookUp(ID.toUpperCase())])
    expect(await reader.lookUp(ID.toUpperCase())).toHaveProperty('integration.id', ID)
    expect(host.reads).toBe(1)
    reader.drop(ID.toUpperCase())
    await reader.lookUp(ID)
    expect(host.reads).toBe(2)
  })
})

describe('looking an integration up', () => {
  it.each<[string, HostIntegration | null | Error, Table, unknown]>([
    ['is there', stored(), new Table(), expect.objectContaining({ integration: expect.anything() })],
    ['has no row', null, new Table(), 'unknown'],
    ['has a row that the host does not give', null, new Table([ID]), 'unavailable'],
    ['can not be asked for at all', null, new Table(new Error('away')), 'unavailable'],
    ['makes the host fail', new Error('down'), new Table(), 'unavailable'],
    ['is of another provider', stored({ provider: 'slack' }), new Table(), 'unknown'],
    ['has unusable options', stored({ options: null }), new Table(), 'unusable'],
    ['has no secret', stored({ options: { appId: 'cli_1' } }), new Table(), 'unusable']
  ])('that %s', async (_what, answer, table, expected) => {
    expect(await readerOf(new HostWith(answer), table).lookUp(ID)).toEqual(expected)
  })

  it('asks nobody for what is no id', async () => {
    const [host, table] = [new HostWith(stored()), new Table()]
    expect(await readerOf(host, table).lookUp('nonsense')).toBe('unknown')
    expect([host.reads, table.statements]).toEqual([0, 0])
  })

  it('remembers for five seconds that there is none', async () => {
    const [host, table, clock] = [new HostWith(null), new Table(), new TestClock()]
    const reader = readerOf(host, table, clock)
    await Promise.all([reader.lookUp(ID), reader.lookUp(ID), reader.lookUp(ID)])
    clock.advance(4_900)
    expect(await reader.lookUp(ID)).toBe('unknown')
    expect([host.reads, table.statements]).toEqual([1, 1])
    host.answer = stored()
    clock.advance(101)
    expect(await reader.lookUp(ID)).toHaveProperty('integration')
  })

  it('forgets that there is none when there is a change', async () => {
    const host = new HostWith(null)
    const reader = readerOf(host)
    await reader.lookUp(ID)
    host.answer = stored()
    reader.drop(ID)
    expect(await reader.lookUp(ID)).toHaveProperty('integration')
  })

  it('does not remember an outage', async () => {
    const host = new HostWith(null)
    const reader = readerOf(host, new Table([ID]))
    expect(await reader.lookUp(ID)).toBe('unavailable')
    host.answer = stored()
    expect(await reader.lookUp(ID)).toHaveProperty('integration')
  })

  it('costs one read and one statement for each of 10,000 unknown ids, and pushes nothing out that works', async () => {
    const [host, table] = [new HostWith(stored()), new Table()]
    const reader = readerOf(host, table)
    await reader.lookUp(ID)
    host.answer = null
    const ids = Array.from({ length: 10_000 }, (_, index) => deterministicUuid('stranger', String(index)))
    for (const id of ids) expect(await reader.lookUp(id)).toBe('unknown')
    expect([host.reads, table.statements]).toEqual([10_001, 10_000])
    expect(await reader.lookUp(ID)).toHaveProperty('integration')
    expect(host.reads).toBe(10_001)
  })
})
