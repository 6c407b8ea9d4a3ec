import { IntegrationRow, IntegrationRows } from '../../../src/host'
import { KnownIntegrations } from '../../../src/long-connection/known-integrations'
import { INTEGRATION_ID, larkIntegration, StaticReader } from '../../support/lark-integration'

const OTHER_ID = '0e0f3c77-52f5-4d6e-a2b4-4f2f3d1f8a10'

describe('the integrations that are known', () => {
  let rows: IntegrationRow[]
  let listFailure: Error | undefined
  let checkFailure: Error | undefined
  let gone: string[]
  let askedFor: string[]
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
    checkFailure = undefined
    gone = []
    askedFor = []
    reader = new StaticReader(larkIntegration(), larkIntegration({}, { id: OTHER_ID }))
    const listed: Pick<IntegrationRows, 'list' | 'existing'> = {
      list: async () => {
        if (listFailure) throw listFailure
        return rows
      },
      existing: async (asked) => {
        askedFor.push(...asked)
        if (checkFailure) throw checkFailure
        return new Set(asked.filter((id) => !gone.includes(id)))
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

  it('are known without one that nobody can read just now, which is asked for again', async () => {
    rows = [row(INTEGRATION_ID), row(OTHER_ID)]
    const lookUp = reader.lookUp.bind(reader)
    let isUnavailable = true
    reader.lookUp = async (id) => (id === OTHER_ID && isUnavailable ? 'unavailable' : lookUp(id))
    expect(await refresh()).toEqual([INTEGRATION_ID])
    expect(known.isUnclear(row(OTHER_ID))).toBe(true)
    isUnavailable = false
    for (let round = 0; round < 5; round += 1) await refresh()
    expect(ids()).toEqual([INTEGRATION_ID, OTHER_ID])
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

  it('are not read in every round when they can not be used any more: each read is a line in the log', async () => {
    await refresh()
    rows = [row(INTEGRATION_ID, 2)]
    reader.lookUp = async () => {
      reader.reads += 1
      return 'unusable'
    }
    for (let round = 0; round < 60; round += 1) await refresh()
    expect([reader.reads, ids()]).toEqual([2, [INTEGRATION_ID]])
  })

  it('are not read in every round when they never could be used', async () => {
    reader.integrations.clear()
    for (let round = 0; round < 60; round += 1) await refresh()
    expect(reader.reads).toBe(1)
    await refresh()
    expect(reader.reads).toBe(2)
  })

  it('are read again soon when they could not be read yet', async () => {
    reader.failure = new Error('away')
    await refresh()
    expect(known.isComplete).toBe(false)
    expect(known.isUnclear({ tenantId: 't', organizationId: null })).toBe(true)
    expect(known.isUnclear({ tenantId: 'other', organizationId: null })).toBe(false)
    reader.failure = undefined
    for (let round = 0; round < 5; round += 1) await refresh()
    expect(ids()).toEqual([INTEGRATION_ID])
    expect(known.isComplete).toBe(true)
    expect(known.isUnclear({ tenantId: 't', organizationId: null })).toBe(false)
  })

  it('are gone when two lists did not name them and their row is not there, the last one too', async () => {
    await refresh()
    rows = []
    gone = [INTEGRATION_ID]
    await refresh()
    expect([ids(), askedFor]).toEqual([[INTEGRATION_ID], []])
    await refresh()
    expect([ids(), askedFor]).toEqual([[], [INTEGRATION_ID]])
  })

  it('stay while their row is there, whatever the list says, and while nobody can tell', async () => {
    await refresh()
    rows = [row(OTHER_ID)]
    for (let round = 0; round < 3; round += 1) await refresh()
    checkFailure = new Error('away')
    gone = [INTEGRATION_ID]
    await expect(known.refresh()).rejects.toThrow('away')
    expect(ids()).toContain(INTEGRATION_ID)
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
