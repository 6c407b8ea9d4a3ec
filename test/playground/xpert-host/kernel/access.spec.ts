import { TENANTS } from '../../../../playground/xpert-host/seed'
import { FixtureHost } from './fixture-host'

const anonymous = (fixture: FixtureHost, path: string, init: RequestInit = {}) => fetch(fixture.host.url + path, init)
const json = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body)
})

describe('who gets to which route', () => {
  describe('of a plugin of the default tenant', () => {
    let fixture: FixtureHost
    beforeAll(async () => {
      fixture = await FixtureHost.start()
    })
    afterAll(() => fixture.end())

    it('lets anybody to a public route, without a user even when a token is sent', async () => {
      const login = await anonymous(
        fixture,
        '/api/auth/login',
        json({ email: 'admin@default.playground.example', password: 'playground' })
      )
      const { token } = (await login.json()) as { token: string }
      const response = await anonymous(fixture, '/api/fixture/echo', json({}, { authorization: `Bearer ${token}` }))
      expect(response.status).toBe(200)
      expect(await response.json()).toMatchObject({ user: null, tenant: null })
    })

    it('wants a token everywhere else', async () => {
      expect((await anonymous(fixture, '/api/fixture/me')).status).toBe(401)
      expect(
        (await anonymous(fixture, '/api/integration', { headers: { authorization: 'Bearer nonsense' } })).status
      ).toBe(401)
      const wrong = await anonymous(
        fixture,
        '/api/auth/login',
        json({ email: 'admin@default.playground.example', password: 'wrong' })
      )
      expect(wrong.status).toBe(401)
    })

    it('gives a user of the tenant its user, tenant and organisation', async () => {
      const { status, body } = await fixture.host
        .login('nobody', { organization: 'other' })
        .request('GET', '/api/fixture/me')
      expect(status).toBe(200)
      expect(body).toMatchObject({
        tenant: expect.stringMatching(/0001$/),
        organization: expect.stringMatching(/0002$/)
      })
    })

    it('keeps users of another tenant out of the controllers that the plugin lists, and of no others', async () => {
      const stranger = fixture.host.login('admin', { tenant: 'second' })
      expect((await stranger.request('GET', '/api/fixture/me')).status).toBe(403)
      expect((await stranger.request('GET', '/api/fixture-unlisted')).status).toBe(200)
    })

    it('refuses headers that contradict each other and organisations of another tenant', async () => {
      const admin = fixture.host.login('admin')
      expect((await admin.request('GET', '/api/integration', undefined, { 'x-scope-level': 'tenant' })).status).toBe(
        400
      )
      expect((await admin.request('GET', '/api/integration', undefined, { 'organization-id': '' })).status).toBe(400)
      expect((await admin.request('GET', '/api/integration', undefined, { 'x-scope-level': 'galaxy' })).status).toBe(
        400
      )
      const elsewhere = await admin.request('GET', '/api/integration', undefined, {
        'organization-id': '20000000-0000-4000-8000-000000000003'
      })
      expect(elsewhere.status).toBe(403)
    })

    it('parses JSON up to 50 MB, keeps no raw body, answers bad JSON with 400 and leaves text unread', async () => {
      const large = await anonymous(fixture, '/api/fixture/echo', json({ text: 'x'.repeat(2_000_000) }))
      const echoed = (await large.json()) as { body: { text: string }; rawBody: boolean }
      expect(echoed.body.text).toHaveLength(2_000_000)
      expect(echoed.rawBody).toBe(false)
      const bad = await anonymous(fixture, '/api/fixture/echo', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"a":'
      })
      expect(bad.status).toBe(400)
      const text = await anonymous(fixture, '/api/fixture/echo', {
        method: 'POST',
        headers: { 'content-type': 'text/plain' },
        body: '{"a":1}'
      })
      expect(await text.json()).toMatchObject({ body: null })
    })

    it('serves its control routes outside the api prefix', async () => {
      expect((await anonymous(fixture, '/_control/clock')).status).toBe(200)
      expect((await anonymous(fixture, '/api/_control/clock')).status).toBe(404)
    })

    it('says what it holds on to, without the garbage', async () => {
      const before = await fixture.host.memory()
      expect(before.heapUsed).toBeGreaterThan(1_000_000)
      await anonymous(fixture, '/api/fixture/echo', json({ text: 'x'.repeat(20_000_000) }))
      expect((await fixture.host.memory()).heapUsed - before.heapUsed).toBeLessThan(20_000_000)
    })

    it('moves its own clock when it is told to', async () => {
      const before = await fixture.host.clock()
      const after = await fixture.host.changeClock({ advanceMs: 3_600_000 })
      expect(after.now - before.now).toBeGreaterThanOrEqual(3_600_000)
      // A token has to outlive the jump.
      expect((await fixture.host.login('viewer').request('GET', '/api/auth/me')).status).toBe(200)
    })
  })

  describe('of a plugin of the second tenant', () => {
    let fixture: FixtureHost
    beforeAll(async () => {
      fixture = await FixtureHost.start({ env: { PLUGIN_TENANT: 'second', LOG_LEVEL: 'warn' } })
    })
    afterAll(() => fixture.end())

    it('answers an anonymous call of a public route with 403', async () => {
      expect((await anonymous(fixture, '/api/fixture/echo', json({}))).status).toBe(403)
    })

    it('lets it through once the request says which tenant it is for', async () => {
      expect((await anonymous(fixture, '/api/fixture/echo', json({}, { 'tenant-id': TENANTS.second.id }))).status).toBe(
        200
      )
    })

    it("lets a plugin's middleware say it", async () => {
      const hook = (tenantId: string) => anonymous(fixture, `/api/fixture/hook/${tenantId}`, json({}))
      expect((await hook(TENANTS.second.id)).status).toBe(200)
      expect((await hook(TENANTS.default.id)).status).toBe(403)
    })

    it('serves the users and shows its strategies to that tenant alone', async () => {
      const [own, other] = [fixture.host.login('admin', { tenant: 'second' }), fixture.host.login('admin')]
      expect((await own.request('GET', '/api/fixture/me')).status).toBe(200)
      expect((await other.request('GET', '/api/fixture/me')).status).toBe(403)
      expect((await own.request('GET', '/api/integration/providers')).body).toEqual([
        expect.objectContaining({ name: 'fixture' })
      ])
      expect((await other.request('GET', '/api/integration/providers')).body).toEqual([])
    })

    it('shows a strategy that only register() returned to every tenant, because it is unmarked', async () => {
      const { body } = await fixture.host.login('admin').request('GET', '/api/xpert/triggers/providers')
      expect(body).toEqual([expect.objectContaining({ name: 'fixture-unlisted' })])
    })
  })
})
