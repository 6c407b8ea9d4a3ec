import { WebhookScopeMiddleware } from '../../../src/webhook'
import { INTEGRATION_ID, larkIntegration, StaticReader } from '../../support/lark-integration'

type Headers = Record<string, string | string[] | undefined>

describe('the scope of a webhook request', () => {
  let reader: StaticReader

  const scoped = async (
    headers: Headers,
    params: Record<string, string> | undefined = { integrationId: INTEGRATION_ID }
  ) => {
    let passed = 0
    const request = { headers, params, originalUrl: `/api/lark/webhook/${INTEGRATION_ID}?x=1` }
    await new WebhookScopeMiddleware(reader).use(request, undefined, () => (passed += 1))
    expect(passed).toBe(1)
    return request.headers
  }

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

  it('stays as it is with an authorization header', async () => {
    expect(await scoped({ authorization: 'Bearer x', 'tenant-id': 'mine' })).toEqual({
      authorization: 'Bearer x',
      'tenant-id': 'mine'
    })
    expect(reader.reads).toBe(0)
  })

  it('stays as it is for an unknown integration and when the host is away', async () => {
    reader.integrations.clear()
    expect(await scoped({ 'tenant-id': 'mine' })).toEqual({ 'tenant-id': 'mine' })
    reader.failure = new Error('away')
    expect(await scoped({ 'tenant-id': 'mine' })).toEqual({ 'tenant-id': 'mine' })
  })
})
