import type { Integration } from '../../../../playground/xpert-host/client'
import { FixtureHost } from './fixture-host'

describe('integrations', () => {
  let fixture: FixtureHost
  beforeAll(async () => {
    fixture = await FixtureHost.start()
  })
  beforeEach(() => fixture.forget())
  afterAll(() => fixture.end())

  const editor = () => fixture.host.login('editor')
  const create = (options: Record<string, unknown>) =>
    editor().createIntegration({ name: 'one', provider: 'fixture', options })
  const post = (options: Record<string, unknown>) =>
    editor().request<{ message: string }>('POST', '/api/integration', { name: 'one', provider: 'fixture', options })
  const put = (id: string, patch: object) =>
    editor().request<{ message: string }>('PUT', `/api/integration/${id}`, patch)

  it('validates before a create, which has no id yet and no hook afterwards', async () => {
    await create({ secret: 's' })
    expect(await fixture.calls()).toEqual([{ name: 'validateConfig', detail: { id: null, options: { secret: 's' } } }])
  })

  it('shows options to whoever reads one, and to nobody in the list', async () => {
    const { id } = await create({ secret: 's' })
    await expect(fixture.host.login('viewer').getIntegration(id)).resolves.toMatchObject({ options: { secret: 's' } })
    const { body } = await fixture.host.login('viewer').request<{ items: Integration[] }>('GET', '/api/integration')
    expect(body.items.length).toBeGreaterThan(0)
    expect(body.items.every((item) => !('options' in item))).toBe(true)
  })

  it('blocks saving with 400 and the message whatever validateConfig throws', async () => {
    expect(await post({ plainError: 'plain' })).toMatchObject({ status: 400, body: { message: 'plain' } })
    expect(await post({ badRequest: 'bad' })).toMatchObject({ status: 400, body: { message: 'bad' } })
    const { id } = await create({})
    expect(await put(id, { options: { plainError: 'plain' } })).toMatchObject({
      status: 400,
      body: { message: 'plain' }
    })
    await expect(editor().getIntegration(id)).resolves.toMatchObject({ options: {} })
  })

  it('tells a tester the text of a BadRequestException and nothing of a plain Error', async () => {
    const plain = await editor().testIntegration({ provider: 'fixture', options: { plainError: 'plain' } })
    expect(plain).toEqual({ status: 500, body: {} })
    const bad = await editor().testIntegration({ provider: 'fixture', options: { badRequest: 'bad' } })
    expect(bad).toMatchObject({ status: 500, body: { message: 'bad' } })
  })

  it('returns the whole result to a tester and merges six of its fields on save', async () => {
    const result = {
      name: 'renamed',
      slug: `slug-${Date.now()}`,
      options: { filled: true },
      features: ['agent', 'unknown'],
      webhookUrl: 'u',
      avatar: {}
    }
    const tested = await editor().testIntegration({ provider: 'fixture', options: { result } })
    expect(tested).toEqual({ status: 201, body: result })
    const saved = await create({ result })
    expect(saved).toMatchObject({
      name: 'renamed',
      slug: result.slug,
      options: { filled: true },
      features: ['agent'],
      avatar: null
    })
    expect(saved).not.toHaveProperty('webhookUrl')
  })

  it('replaces options whole on an update and tells the strategy before it writes', async () => {
    const { id } = await create({ secret: 's', webhookCredential: 'hash' })
    await fixture.forget()
    expect((await put(id, { options: { secret: 't' } })).status).toBe(202)
    expect(await fixture.calls()).toEqual([
      { name: 'validateConfig', detail: { id, options: { secret: 't' } } },
      { name: 'onUpdate', detail: { previous: { secret: 's', webhookCredential: 'hash' }, next: { secret: 't' } } }
    ])
    await expect(editor().getIntegration(id)).resolves.toMatchObject({ options: { secret: 't' } })
  })

  it('does not write when onUpdate throws', async () => {
    const { id } = await create({ secret: 's' })
    expect(await put(id, { options: { refuse: 'no' } })).toMatchObject({ status: 400, body: { message: 'no' } })
    await expect(editor().getIntegration(id)).resolves.toMatchObject({ options: { secret: 's' } })
  })

  it('calls onDelete on a delete', async () => {
    const { id } = await create({})
    await fixture.forget()
    await editor().deleteIntegration(id)
    expect(await fixture.calls()).toEqual([{ name: 'onDelete', detail: { id } }])
    await expect(editor().getIntegration(id)).rejects.toThrow(/404/)
  })

  it('offers the integrations of the organisation to a selector', async () => {
    const { id } = await create({})
    const own = await editor().request<{ value: string }[]>('GET', '/api/integration/select-options?provider=fixture')
    expect(own.body).toContainEqual(expect.objectContaining({ value: id, label: 'one' }))
    const other = await fixture.host
      .login('editor', { organization: 'other' })
      .request('GET', '/api/integration/select-options?provider=fixture')
    expect(other.body).toEqual([])
  })

  it('wants INTEGRATION_EDIT to change and INTEGRATION_VIEW to read', async () => {
    const body = { name: 'one', provider: 'fixture', options: {} }
    expect((await fixture.host.login('viewer').request('POST', '/api/integration', body)).status).toBe(403)
    expect((await fixture.host.login('viewer').request('GET', '/api/integration')).status).toBe(200)
    expect((await fixture.host.login('nobody').request('GET', '/api/integration')).status).toBe(403)
  })
})
