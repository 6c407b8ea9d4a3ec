import { WebhookScopeMiddleware } from '../../../src/webhook'
import { INTEGRATION_ID, larkIntegration, StaticReader } from '../../support/lark-integration'
import { TestResponse } from '../../support/test-response'
import { webhookOver } from '../../support/webhook-parts'

type Headers = Record<string, string | string[] | undefined>

describe('the scope of a webhook request', () => {
  let reader: StaticReader

  const run = async (
    headers: Headers,
    params: Record<string, string> | undefined = { integrationId: INTEGRATION_ID }
  ) => {
    let passed = 0
    const request = { headers, params, originalUrl: `/api/lark/webhook/${INTEGRATION_ID}?x=1` }
    const response = new TestResponse()
    await new WebhookScopeMiddleware(webhookOver(reader).addressed).use(request, response, () => (passed += 1))
    expect(passed + response.answers).toBe(1)
    return { headers: request.headers, code: response.code, body: response.body }
  }
  const scoped = async (...given: Parameters<typeof run>) => (await run(...given)).headers

  beforeEach(() => {
    reader = new StaticReader(larkIntegration())
  })

  it('becomes that of the integration, whatever the stranger claims', async () => {
    expect(await scoped({ 'tenant-id': 'other', 'organization-id': 'other', 'x-scope-level': 'tenant' })).toEqual({
      'tenant-id': 'tenant-1',
      'organization-id': 'organization-1'
    })
  })

  it('has no organisation when the integration has none', async () => {
    reader = new StaticReader(larkIntegration({}, { organizationId: null }))
    expect(await scoped({ 'organization-id': 'other' })).toEqual({ 'tenant-id': 'tenant-1' })
  })

  it('is found by the URL where the host gives no parameter', async () => {
    expect(await scoped({}, {})).toMatchObject({ 'tenant-id': 'tenant-1' })
  })

  it('stays as it is with an authorization header, and nothing is looked up', async () => {
    expect(await run({ authorization: 'Bearer x', 'tenant-id': 'mine' })).toMatchObject({
      headers: { authorization: 'Bearer x', 'tenant-id': 'mine' },
      code: 0
    })
    expect(reader.reads).toBe(0)
  })

  it('is answered in the guard’s place where there is no integration, or nobody can say', async () => {
    reader.integrations.clear()
    expect(await run({ 'tenant-id': 'mine' })).toEqual({
      headers: { 'tenant-id': 'mine' },
      code: 404,
      body: { code: 'unknown_integration', message: 'There is no such Lark integration' }
    })
    reader.failure = new Error('away')
    expect(await run({})).toMatchObject({ headers: {}, code: 503, body: { code: 'unavailable' } })
  })
})
