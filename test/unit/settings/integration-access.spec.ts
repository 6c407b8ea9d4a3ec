import { runWithRequestContext } from '@xpert-ai/plugin-sdk'
import { sign } from 'jsonwebtoken'
import { Access, IntegrationRows } from '../../../src/host'
import { IntegrationAccess, IntegrationLookUp, LarkIntegration } from '../../../src/settings'
import { INTEGRATION_ID, larkIntegration, StaticReader } from '../../support/lark-integration'

const SECRET = 'unit-test-secret'

interface Request {
  user?: { id: string; tenantId: string }
  permissions?: string[]
  organizationId?: string
  language?: string
  secret?: string
}

const OWN: Request = { user: { id: 'u', tenantId: 'tenant-1' }, organizationId: 'organization-1' }

describe('IntegrationAccess', () => {
  const formerSecret = process.env['JWT_SECRET']
  beforeAll(() => (process.env['JWT_SECRET'] = SECRET))
  afterAll(() => {
    if (formerSecret === undefined) delete process.env['JWT_SECRET']
    else process.env['JWT_SECRET'] = formerSecret
  })

  const reader = new StaticReader(larkIntegration())
  const rows = { isOwn: async () => false } as Pick<IntegrationRows, 'isOwn'>
  const access = new IntegrationAccess(reader, rows as IntegrationRows)

  const as = <T>(request: Request, work: () => Promise<T>): Promise<T> => {
    const token = sign({ permissions: request.permissions ?? [] }, request.secret ?? SECRET)
    const headers = {
      authorization: `Bearer ${token}`,
      ...(request.organizationId ? { 'organization-id': request.organizationId } : {}),
      ...(request.language ? { language: request.language } : {})
    }
    return new Promise((resolve, reject) => {
      runWithRequestContext({ headers, user: request.user } as never, {} as never, () => {
        work().then(resolve, reject)
      })
    })
  }

  const open = (request: Request, kind: Access, scope?: { tenantId: string; organizationId: string | null }) =>
    as(request, () => access.open(INTEGRATION_ID, kind, scope))

  const statusOf = async (work: Promise<LarkIntegration>): Promise<number> =>
    work.then(
      () => 200,
      (error: { getStatus(): number }) => error.getStatus()
    )

  it.each<[string, string[], Access, number]>([
    ['VIEW reads', ['INTEGRATION_VIEW'], 'read', 200],
    ['EDIT reads', ['INTEGRATION_EDIT'], 'read', 200],
    ['XPERT_EDIT does not read', ['XPERT_EDIT'], 'read', 403],
    ['VIEW does not act', ['INTEGRATION_VIEW'], 'act', 403],
    ['EDIT acts', ['INTEGRATION_EDIT'], 'act', 200],
    ['VIEW picks', ['INTEGRATION_VIEW'], 'pick', 200],
    ['EDIT picks', ['INTEGRATION_EDIT'], 'pick', 200],
    ['XPERT_EDIT picks', ['XPERT_EDIT'], 'pick', 200],
    ['nothing picks nothing', [], 'pick', 403]
  ])('%s', async (_what, permissions, kind, status) => {
    expect(await statusOf(open({ ...OWN, permissions }, kind))).toBe(status)
  })

  const EDITOR = { ...OWN, permissions: ['INTEGRATION_EDIT'] }

  it.each<[string, Request, number]>([
    ['nobody', { ...EDITOR, user: undefined }, 401],
    ['a token that is not the host’s', { ...EDITOR, secret: 'another' }, 403],
    ['another tenant', { ...EDITOR, user: { id: 'u', tenantId: 'tenant-2' } }, 404],
    ['another organisation', { ...EDITOR, organizationId: 'organization-2' }, 404],
    ['no organisation', { ...EDITOR, organizationId: undefined }, 404]
  ])('refuses %s', async (_what, request, status) => {
    expect(await statusOf(open(request, 'act'))).toBe(status)
  })

  it('holds the scope that the host names against the request’s own', async () => {
    const scope = { tenantId: 'tenant-1', organizationId: 'organization-1' }
    expect(await statusOf(open(EDITOR, 'read', scope))).toBe(200)
    expect(await statusOf(open(EDITOR, 'read', { ...scope, tenantId: 'tenant-2' }))).toBe(404)
    const stranger = { ...EDITOR, user: { id: 'u', tenantId: 'tenant-2' } }
    expect(await statusOf(open(stranger, 'read', scope))).toBe(404)
  })

  it('says "later" while nobody can say whose it is, and speaks the reader’s language', async () => {
    reader.failure = new Error('away')
    expect(await statusOf(open(EDITOR, 'read'))).toBe(503)
    reader.failure = undefined
    await expect(open({ ...EDITOR, language: 'zh-Hans', permissions: [] }, 'act')).rejects.toThrow('需要以下权限')
    await expect(open({ ...EDITOR, permissions: [] }, 'act')).rejects.toThrow('This needs one of: INTEGRATION_EDIT')
  })

  it('says that the settings can not be used, to those whose they are', async () => {
    const broken = new StaticReader()
    broken.lookUp = async (): Promise<IntegrationLookUp> => 'unusable'
    const table: Pick<IntegrationRows, 'isOwn'> = {
      isOwn: async (id, { tenantId, organizationId }) =>
        id === INTEGRATION_ID && tenantId === 'tenant-1' && organizationId === 'organization-1'
    }
    const look = (request: Request) =>
      as(request, () => new IntegrationAccess(broken, table as IntegrationRows).open(INTEGRATION_ID, 'read'))

    await expect(look(EDITOR)).rejects.toThrow('The settings of this integration can not be used')
    expect(await statusOf(look(EDITOR))).toBe(409)
    expect(await statusOf(look({ ...EDITOR, organizationId: 'organization-2' }))).toBe(404)
    expect(await statusOf(look({ ...EDITOR, user: { id: 'u', tenantId: 'tenant-2' } }))).toBe(404)
    table.isOwn = () => Promise.reject(new Error('away'))
    expect(await statusOf(look(EDITOR))).toBe(503)
  })

  it('opens nothing outside a request', async () => {
    expect(await statusOf(access.open(INTEGRATION_ID, 'read'))).toBe(401)
  })
})
