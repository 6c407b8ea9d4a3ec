import { TENANTS } from '../../../../playground/xpert-host/seed'
import { ACCOUNT_BINDING, HANDOFF, INTEGRATION, USER } from '../fixture-plugin/src/context'
import { FixtureHost } from './fixture-host'

interface UserLike {
  id: string
  role: { name: string } | null
}

describe('host services as the plugin resolves them', () => {
  let fixture: FixtureHost
  beforeAll(async () => {
    fixture = await FixtureHost.start()
  })
  afterAll(() => fixture.end())

  const admin = () => fixture.host.login('admin')
  const inBackground = true

  it('hands out a service only when its permission is declared', async () => {
    const { refused } = await fixture.service(admin(), 'XPERT_PLUGIN_SPEECH_TO_TEXT_PERMISSION_SERVICE', 'transcribe', [
      {}
    ])
    expect(refused).toMatch(/without declaring 'speech_to_text' permission/)
  })

  it('knows no token that the host does not provide', async () => {
    const { refused } = await fixture.service(admin(), 'XPERT_MANAGED_QUEUE_SERVICE', 'enqueue', [{}])
    expect(refused).toMatch(/could not find/)
  })

  it('checks every call against the declared operations', async () => {
    const { refused } = await fixture.service(admin(), HANDOFF, 'enqueueAndWait', [{}])
    expect(refused).toMatch(/handoff operation 'wait' without declaring it in 'handoff.operations'/)
  })

  describe('integrations', () => {
    const create = (organization: 'first' | 'second') =>
      fixture.host.login('admin', { organization }).request<{ id: string }>('POST', '/api/integration', {
        name: organization,
        provider: 'other',
        options: {}
      })
    let first: string
    let second: string
    beforeAll(async () => {
      // Straight into the table: the plugin belongs to one tenant, so the other tenant cannot create one over HTTP.
      const insert = (tenantId: string, organization: string) =>
        fixture.database.query<{ id: string }>(
          `INSERT INTO integration ("tenantId", "organizationId", name, provider, options)
           VALUES ($1, $2, 'one', 'other', '{}') RETURNING id`,
          [tenantId, organization]
        )
      first = (await insert(TENANTS.default.id, '20000000-0000-4000-8000-000000000001'))[0].id
      second = (await insert(TENANTS.second.id, '20000000-0000-4000-8000-000000000003'))[0].id
      await expect(create('second')).resolves.toMatchObject({ status: 404 })
    })
    afterEach(() => fixture.host.fault('integration-reads', 'ok'))

    const read = (id: string, background = false) =>
      fixture.service<{ id: string } | null>(admin(), INTEGRATION, 'read', [id], background)
    const findAll = (background = false) =>
      fixture.service<{ items: { id: string }[]; total: number }>(admin(), INTEGRATION, 'findAll', [{}], background)

    it('are read by id whatever their tenant and provider', async () => {
      await expect(read(second)).resolves.toMatchObject({ result: { id: second } })
      await expect(read(second, inBackground)).resolves.toMatchObject({ result: { id: second } })
    })

    it('are listed for the tenant and organisation of the request alone', async () => {
      const { result } = await findAll()
      expect(result?.items.map(({ id }) => id)).toEqual([first])
    })

    it('are an empty list without a request context', async () => {
      await expect(findAll(inBackground)).resolves.toEqual({ result: { items: [], total: 0 } })
    })

    it('are null or an empty list when reading fails', async () => {
      await fixture.host.fault('integration-reads', 'fail')
      await expect(read(first)).resolves.toEqual({ result: null })
      await expect(findAll()).resolves.toEqual({ result: { items: [], total: 0 } })
      await expect(read('not-a-uuid')).resolves.toEqual({ result: null })
    })

    it('can be kept waiting', async () => {
      await fixture.host.fault('integration-reads', 'hang')
      const answer = read(first)
      await expect(
        Promise.race([
          answer,
          admin()
            .request('GET', '/api/auth/me')
            .then(() => 'still waiting')
        ])
      ).resolves.toBe('still waiting')
      await fixture.host.fault('integration-reads', 'ok')
      await expect(answer).resolves.toMatchObject({ result: { id: first } })
    })
  })

  describe('users', () => {
    const provision = (thirdPartyId: string, background: boolean, roleName?: string) =>
      fixture.service<UserLike | null>(
        admin(),
        USER,
        'provisionByThirdPartyIdentity',
        [{ tenantId: TENANTS.default.id, thirdPartyId, profile: { firstName: 'Ada' }, defaults: { roleName } }],
        background
      )

    it('are created in a request context, with the default role or the one asked for, and found again', async () => {
      const created = await provision('on_1', false)
      expect(created.result).toMatchObject({ firstName: 'Ada', role: { name: 'VIEWER' } })
      await expect(provision('on_1', inBackground)).resolves.toMatchObject({ result: { id: created.result?.id } })
      await expect(provision('on_2', false, 'EMPLOYEE')).resolves.toMatchObject({
        result: { role: { name: 'EMPLOYEE' } }
      })
    })

    it('are not created in the background', async () => {
      await expect(provision('on_3', inBackground)).resolves.toEqual({ result: null })
    })

    it('are read by any criteria, and null when there is none', async () => {
      await expect(
        fixture.service(admin(), USER, 'read', [{ username: 'viewer', tenantId: TENANTS.default.id }])
      ).resolves.toMatchObject({ result: { username: 'viewer' } })
      await expect(fixture.service(admin(), USER, 'read', [{ id: 'nonsense' }])).resolves.toEqual({ result: null })
    })
  })

  describe('account bindings', () => {
    const bind = (background = false, provider = 'lark', subjectId = 'ou_1') =>
      fixture.service(
        fixture.host.login('editor'),
        ACCOUNT_BINDING,
        'bindCurrentUser',
        [{ provider, subjectId }],
        background
      )
    const bound = (subjectId: string) =>
      fixture.service<UserLike | null>(
        admin(),
        ACCOUNT_BINDING,
        'resolveBoundUser',
        [{ provider: 'lark', subjectId, tenantId: TENANTS.default.id }],
        inBackground
      )

    it('are made by the current user and found in the background', async () => {
      await expect(bind()).resolves.toEqual({ result: { provider: 'lark', subjectId: 'ou_1' } })
      await expect(bound('ou_1')).resolves.toMatchObject({
        result: { username: 'editor', thirdPartyId: 'ou_1', role: { name: 'AI_BUILDER' } }
      })
    })

    it('are refused without a user', async () => {
      await expect(bind(inBackground)).resolves.toEqual({ refused: 'Unauthorized' })
    })

    it('are refused for a provider that is not declared', async () => {
      expect((await bind(false, 'slack')).refused).toMatch(/account_binding provider 'slack' without declaring it/)
    })

    it('do not lead to a ghost, an account that nobody can log in to', async () => {
      await fixture.database.query(`UPDATE "user" SET hash = NULL WHERE username = 'editor'`)
      await expect(bound('ou_1')).resolves.toEqual({ result: null })
    })
  })

  describe('cancelling a conversation', () => {
    const cancel = (background: boolean) =>
      admin().request<{ message: string }>('POST', '/api/fixture/cancel', {
        conversationId: '00000000-0000-4000-8000-000000000000',
        background
      })

    it("reaches the host's handler by the command's id alone", async () => {
      await expect(cancel(false)).resolves.toMatchObject({
        status: 201,
        body: { result: { canceledExecutionIds: [] } }
      })
    })

    it('is refused outside a request context', async () => {
      await expect(cancel(true)).resolves.toMatchObject({ status: 400, body: { message: 'Tenant scope is required.' } })
    })
  })

  it("runs the plugin's processors in the context that the message names", async () => {
    const message = {
      id: 'm-1',
      type: 'plugin.fixture.echo.v1',
      version: 1,
      tenantId: TENANTS.default.id,
      sessionKey: 's',
      businessKey: 's',
      traceId: 't',
      attempt: 1,
      maxAttempts: 1,
      enqueuedAt: Date.now(),
      payload: { text: 'hello' },
      headers: { userId: 'u-1' }
    }
    await fixture.service(admin(), HANDOFF, 'enqueue', [message], inBackground)
    const deadline = Date.now() + 10_000
    while (!(await fixture.calls('process')).length && Date.now() < deadline) await new Promise(setImmediate)
    expect(await fixture.calls('process')).toEqual([
      { name: 'process', detail: { payload: { text: 'hello' }, tenant: TENANTS.default.id, user: 'u-1' } }
    ])
  })
})
