import { eventually } from '../../../support/eventually'
import { FixtureHost } from './fixture-host'

interface Rows {
  items: { id: string }[]
  /** How often the plugin has been asked for data. */
  total: number
  query: unknown
}

describe('view extensions', () => {
  let fixture: FixtureHost
  let id: string
  beforeAll(async () => {
    fixture = await FixtureHost.start()
  })
  afterAll(() => fixture.end())
  beforeEach(async () => {
    id = (await editor().createIntegration({ name: 'one', provider: 'fixture', options: {} })).id
  })

  const editor = () => fixture.host.login('editor')
  const rows = (query?: Record<string, string>) => editor().viewData<Rows>(id, 'fixture_views__rows', query)
  const live = (query?: Record<string, string>) => editor().viewData<Rows>(id, 'fixture_views__live', query)

  it('are listed in order under public keys, and a provider with one bad label is missing as a whole', async () => {
    const views = await editor().views(id)
    expect(views.map(({ key }) => key)).toEqual(['fixture_views__live', 'fixture_views__rows'])
    expect(views[1].actions?.map(({ placement }) => placement)).toEqual(['toolbar', 'toolbar'])
    await eventually('it is logged', async () =>
      fixture.host.logs.some((line) => line.includes("Failed to load view manifests for provider 'fixture_broken'"))
    )
  })

  it('are hidden from users without the permission that they name', async () => {
    const viewer = fixture.host.login('viewer')
    expect((await viewer.views(id)).map(({ key }) => key)).toEqual(['fixture_views__rows'])
    expect((await viewer.viewData(id, 'fixture_views__live')).status).toBe(403)
    expect((await fixture.host.login('nobody').viewData(id, 'fixture_views__rows')).status).toBe(403)
  })

  it('get the query that they declare; anything else is 400', async () => {
    expect(await rows({ page: '2', pageSize: '10' })).toMatchObject({
      status: 200,
      body: { items: [{ id: 'rows' }], query: { page: 2, pageSize: 10 } }
    })
    expect((await rows({ search: 'x' })).status).toBe(400)
    expect((await live({ page: '1' })).status).toBe(400)
    expect((await rows({ surprise: '1' })).status).toBe(400)
    expect((await rows({ page: '0' })).status).toBe(400)
  })

  it('are answered from a cache for at most 30 s, even when they ask for more', async () => {
    const first = await rows()
    expect((await rows()).body.total).toBe(first.body.total)
    await fixture.host.changeClock({ advanceMs: 29_000 })
    expect((await rows()).body.total).toBe(first.body.total)
    await fixture.host.changeClock({ advanceMs: 2_000 })
    expect((await rows()).body.total).toBeGreaterThan(first.body.total)
  })

  it('are asked each time when they switch the cache off', async () => {
    const first = await live()
    expect((await live()).body.total).toBe(first.body.total + 1)
  })

  it('are asked again after an action that says so', async () => {
    const first = await rows()
    const kept = await editor().viewAction(id, 'fixture_views__rows', 'keep', { targetId: 'r1' })
    expect(kept).toMatchObject({ status: 201, body: { success: true, data: { targetId: 'r1' } } })
    expect((await rows()).body.total).toBe(first.body.total)
    await editor().viewAction(id, 'fixture_views__rows', 'refresh')
    expect((await rows()).body.total).toBeGreaterThan(first.body.total)
  })

  it('answer 404 for an unknown action, view, slot and integration', async () => {
    expect((await editor().viewAction(id, 'fixture_views__rows', 'unknown')).status).toBe(404)
    expect((await editor().viewData(id, 'fixture_views__unknown')).status).toBe(404)
    expect((await editor().request('GET', `/api/view-hosts/integration/${id}/slots/unknown/views`)).status).toBe(404)
    expect((await editor().viewData('00000000-0000-4000-8000-000000000000', 'fixture_views__rows')).status).toBe(404)
    expect(
      (await fixture.host.login('editor', { organization: 'other' }).viewData(id, 'fixture_views__rows')).status
    ).toBe(404)
  })
})
