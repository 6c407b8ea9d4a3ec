import { IntegrationRow, IntegrationRows } from '../../../src/host'
import { KnownIntegrations } from '../../../src/long-connection/known-integrations'
import { INTEGRATION_ID, larkIntegration, StaticReader } from '../../support/lark-integration'

const OTHER_ID = '0e0f3c77-52f5-4d6e-a2b4-4f2f3d1f8a10'

describe('the integrations that are known', () => {
  let rows: IntegrationRow[]
  let listFailure: Error | undefined
  let reader: StaticReader
  let known: KnownIntegrations

  const row = (id: string, at = 1): IntegrationRow => ({
    id,
    tenantId: 't',
    organizationId: null,
    updatedAt: new Date(at)
  })
  const ids = () => known.all().map(({ id }) => id)
  const refresh = async () => [...(await known.refresh())]

  beforeEach(() => {
    rows = [row(INTEGRATION_ID)]
    listFailure = undefined
    reader = new StaticReader(larkIntegration(), larkIntegration({}, { id: OTHER_ID }))
    const listed: Pick<IntegrationRows, 'list'> = {
      list: async () => {
        if (listFailure) throw listFailure
        return rows
      }
    }
    known = new KnownIntegrations(listed as IntegrationRows, reader)
  })

  it('are read once, and again only when their row changed', async () => {
    expect(await refresh()).toEqual([INTEGRATION_ID])
    expect(await refresh()).toEqual([])
    rows = [row(INTEGRATION_ID, 2), row(OTHER_ID)]
    expect(await refresh()).toEqual([INTEGRATION_ID, OTHER_ID])
    expect(reader.reads).toBe(3)
  })

  it('are read again at once when they were marked', async () => {
    await refresh()
    known.markChanged(INTEGRATION_ID)
    expect(await refresh()).toEqual([INTEGRATION_ID])
  })

  it('stay known when the list fails, is empty, or the integration can not be read', async () => {
    await refresh()
    rows = []
    for (const _round of [1, 2, 3]) await refresh()
    listFailure = new Error('away')
    await expect(known.refresh()).rejects.toThrow('away')
    listFailure = undefined
    rows = [row(INTEGRATION_ID, 2)]
    reader.failure = new Error('away')
    expect(await refresh()).toEqual([])
    reader.failure = undefined
    reader.integrations.clear()
    expect(await refresh()).toEqual([])
    expect(ids()).toEqual([INTEGRATION_ID])
  })

  it('are read again in the next round after a read that failed', async () => {
    await refresh()
    rows = [row(INTEGRATION_ID, 2)]
    reader.failure = new Error('away')
    await refresh()
    reader.failure = undefined
    expect(await refresh()).toEqual([INTEGRATION_ID])
  })

  it('are not read in every round when they never could be used', async () => {
    reader.integrations.clear()
    for (let round = 0; round < 12; round += 1) await refresh()
    expect(reader.reads).toBe(1)
    await refresh()
    expect(reader.reads).toBe(2)
  })

  it('are gone when two lists name others only', async () => {
    rows = [row(INTEGRATION_ID), row(OTHER_ID)]
    await refresh()
    rows = [row(OTHER_ID)]
    await refresh()
    expect(ids()).toEqual([INTEGRATION_ID, OTHER_ID])
    await refresh()
    expect(ids()).toEqual([OTHER_ID])
  })

  it('are gone at once when the host says so, though the row is still there', async () => {
    await refresh()
    known.markRemoved(INTEGRATION_ID)
    expect(ids()).toEqual([])
    await refresh()
    expect(ids()).toEqual([])
    known.markChanged(INTEGRATION_ID)
    await refresh()
    expect(ids()).toEqual([INTEGRATION_ID])
  })
})
