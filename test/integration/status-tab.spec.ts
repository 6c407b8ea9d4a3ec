import { eventually } from '../support/eventually'
import { Bot, World } from '../support/world'

describe('the status of an integration', () => {
  let world: World
  let socket: Bot

  beforeAll(async () => {
    world = await World.create()
    await world.startHost()
    socket = await world.hire('long_connection', { kind: 'stream', text: 'Heard.' })
  })

  afterAll(() => world.end())

  const read = async <T>(bot: Bot, key: string): Promise<T> => {
    const { status, body } = await world.admin.viewData<T>(bot.integrationId, `lark_integration__${key}`)
    expect({ status, body }).toMatchObject({ status: 200 })
    return body
  }
  const act = (bot: Bot, key: string, action: string) =>
    world.admin.viewAction(bot.integrationId, `lark_integration__${key}`, action)
  const summary = async (bot: Bot) => (await read<{ summary: Record<string, string | null> }>(bot, 'status')).summary
  /** The two rows of Diagnosis about the long connection: the doctor's, and the hint among the facts. */
  const rows = async ({ integrationId }: Bot, reader = world.admin) => {
    await reader.viewAction(integrationId, 'lark_integration__diagnosis', 'check_again')
    const { body } = await reader.viewData<{ items: Record<string, string>[] }>(
      integrationId,
      'lark_integration__diagnosis'
    )
    const { verdict, cause } = body.items.find(({ check }) => check === 'connection')!
    return { verdict, cause, hint: body.items.find(({ id }) => id === 'connection_hint')?.['cause'] }
  }
  const agreeing = (verdict: string, sentence: string) => {
    const cause = expect.stringContaining(sentence) as string
    return { verdict, cause, hint: cause }
  }
  const badge = async (bot: Bot) => {
    const [status] = await world.admin.views(bot.integrationId)
    return (status as { badge?: { value: string } }).badge?.value
  }

  it('say of an integration that Lark refuses that it has no part in the connection of its app', async () => {
    await eventually('it is connected', async () => (await summary(socket))['state']?.startsWith('connected ('))
    const { options } = await world.admin.getIntegration(socket.integrationId)
    const { id } = await world.admin.createIntegration({ name: 'Former secret', options: { ...options } })
    await world.database.query(
      `UPDATE integration SET options = options::jsonb || '{"appSecret": "former-secret-of-the-app"}', "updatedAt" = now()
       WHERE id = $1`,
      [id]
    )
    const former = { ...socket, integrationId: id }
    const state = await eventually('Lark has refused the former secret', async () => {
      const { state: shown } = await summary(former)
      return shown?.startsWith('App Secret refused') ? shown : null
    })
    expect(state).toBe('App Secret refused')
    expect(await badge(former)).toBe('App Secret refused')
    const { items } = await read<{ items: Record<string, string>[] }>(former, 'diagnosis')
    expect(items.find(({ check }) => check === 'connection')).toMatchObject({ verdict: 'Problem' })
    expect(await badge(socket)).toBe('connected')
    await world.admin.deleteIntegration(id)
  })

  it('say of the second of two published integrations of an app that it receives nothing', async () => {
    const script = { kind: 'stream', text: 'Heard.' } as const
    const first = await world.hire('long_connection', script)
    const { options } = await world.admin.getIntegration(first.integrationId)
    const { id } = await world.admin.createIntegration({ name: 'Second', options: { ...options } })
    const expert = await world.admin.createExpert({ name: 'Eve', script })
    const config = { integrationId: id }
    expect((await world.admin.publish(expert.id, { provider: 'lark', config })).status).toBeLessThan(300)
    const both = [first, { ...first, integrationId: id }]
    const states = () => Promise.all(both.map(async (bot) => (await summary(bot))['state']?.split(' (')[0]))
    await eventually('one is told', async () => (await states()).includes('another integration answers'), 40_000)
    expect((await states()).sort()).toEqual(['another integration answers', 'connected'])
    expect((await Promise.all(both.map(badge))).sort()).toEqual(['another integration answers', 'connected'])
    const isEclipsed = (await badge(first)) !== 'connected'
    const [answering, eclipsed] = isEclipsed ? [both[1]!, both[0]!] : [both[0]!, both[1]!]
    expect(await rows(answering)).toMatchObject({ verdict: 'OK', hint: undefined })
    expect(await rows(eclipsed)).toMatchObject(agreeing('Problem', 'only the first one answers'))

    await act(first, 'status', 'disconnect')
    await eventually('it is off', async () => (await states()).every((state) => state === 'disconnected'))
    for (const bot of both)
      expect(await rows(bot)).toMatchObject(agreeing('Problem', 'Disconnected by an administrator'))
    await act(first, 'status', 'connect')
    await eventually('it is on again', async () => (await states()).includes('connected'))
    const warnings = await world.admin.validateTrigger(expert.id, config)
    expect(JSON.stringify(warnings)).toContain('only the first one answers')
    expect(JSON.stringify(warnings)).not.toContain('not connected')
    await world.admin.unpublish(expert.id)
    await world.admin.deleteIntegration(id)
  })

  it('say of an integration whose app another organisation holds one thing in all of Diagnosis', async () => {
    await eventually('it is connected', async () => (await summary(socket))['state']?.startsWith('connected ('))
    const { options } = await world.admin.getIntegration(socket.integrationId)
    const stranger = world.host.login('admin', { organization: 'other' })
    const { id } = await stranger.createIntegration({ name: 'Elsewhere', options: { ...options } })
    const elsewhere = { ...socket, integrationId: id }
    await eventually('it is told', async () => (await rows(elsewhere, stranger)).hint?.startsWith('Another tenant'))
    expect(await rows(elsewhere, stranger)).toMatchObject(agreeing('Problem', 'Another tenant or organization holds'))
    await stranger.deleteIntegration(id)
  })

  it('is read later, and a trigger is not told that it does not exist, while the host can not read integrations', async () => {
    const config = { integrationId: socket.integrationId }
    for (const mode of ['fail', 'hang'] as const) {
      await world.host.changeClock({ advanceMs: 11_000 })
      await world.host.fault('integration-reads', mode)
      try {
        const found = await world.admin.validateTrigger(socket.expertId, config)
        expect(found).toEqual([expect.objectContaining({ field: 'integrationId', level: 'error' })])
        expect(found[0]!.message.en_US).toMatch(/try again later/)
        expect((await world.admin.views(socket.integrationId)).map(({ key }) => key)).toHaveLength(5)
      } finally {
        await world.host.fault('integration-reads', 'ok')
      }
    }
    expect(await world.admin.validateTrigger(socket.expertId, config)).toEqual([])
  })

  it('name the last error of a connection that is not up', async () => {
    const bot = await world.hire('long_connection', { kind: 'stream', text: 'Heard.' })
    await world.database.query(
      `UPDATE integration SET options = options::jsonb || '{"appSecret": "former-secret-of-the-app"}', "updatedAt" = now()
       WHERE id = $1`,
      [bot.integrationId]
    )
    await act(bot, 'status', 'reconnect')
    await eventually(
      'the card says it',
      async () => /^failed \(.* UTC\)$/.test((await summary(bot))['state'] ?? ''),
      60_000
    )
    const { body } = await world.admin.request<{ recentErrors: Record<string, string>[] }>(
      'GET',
      `/api/lark/${bot.integrationId}/runtime-status`
    )
    const { errors, owner } = await summary(bot)
    expect(errors).toMatch(/^\d{4}-.* UTC Lark does not accept the App ID and App Secret\.[^\n]*$/)
    if (body.recentErrors.length > 1) expect(errors).toContain('more, see Diagnosis)')
    expect(owner).toMatch(/^\S+ \([0-9a-f]{8}\) \/ \d{4}-.* UTC$/)
    const path = `/api/view-hosts/integration/${bot.integrationId}/views/lark_integration__`
    const chinese = async (key: string) =>
      (await world.admin.request('GET', `${path}${key}/data`, undefined, { language: 'zh-Hans' })).body
    expect(await chinese('status')).toMatchObject({
      summary: {
        mode: '长连接',
        state: expect.stringMatching(/^连接失败（.* UTC）$/) as string,
        errors: expect.stringContaining('飞书未接受') as string
      }
    })
    const tabs = `/api/view-hosts/integration/${bot.integrationId}/slots/detail.main_tabs/views`
    const { body: views } = await world.admin.request<object[]>('GET', tabs, undefined, { language: 'zh-Hans' })
    expect(views[0]).toMatchObject({ badge: { value: '连接失败' } })
    const facts = JSON.stringify(await chinese('diagnosis'))
    expect(facts).not.toMatch(/[（ ](closed|failed|invalid_request|credentials|unknown_outcome)\b|Feishu \(China\)/)
    expect(body.recentErrors[0]).toEqual({ at: expect.any(String) as string, code: expect.any(String) as string })
  })
})
