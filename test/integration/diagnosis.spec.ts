import { SimAppPatch } from '../../playground/lark-simulator/client'
import { SCOPES } from '../../src/integration/doctor/scope-table'
import { eventually } from '../support/eventually'
import { Bot, World } from '../support/world'

interface Line {
  check: string
  verdict: string
  cause: string
  link: string
}

const ANSWER = { kind: 'stream', text: 'Hello' } as const
const FIVE = SCOPES.flatMap(({ scope, isRequired }) => (isRequired ? [scope] : []))

describe('what an admin reads in Diagnosis', () => {
  let world: World
  let bot: Bot

  beforeAll(async () => {
    world = await World.create()
    await world.startHost()
    bot = await world.hire('long_connection', ANSWER)
    await world.lark.updateApp(bot.app.appId, { scopes: FIVE })
  })

  afterAll(() => world.end())

  /** As after "Check again". */
  const examine = async ({ integrationId }: Bot = bot, headers: Record<string, string> = {}): Promise<Line[]> => {
    await world.admin.viewAction(integrationId, 'lark_integration__diagnosis', 'check_again')
    const path = `/api/lark/${integrationId}/doctor`
    return (await world.admin.request<{ lines: Line[] }>('GET', path, undefined, headers)).body.lines
  }

  const during = <T>(patch: SimAppPatch, work: () => Promise<T>): Promise<T> => world.during(bot, patch, work)

  it('is calm about an app that has just what the product page asks for', async () => {
    expect(FIVE).toHaveLength(5)
    const permissions = (await examine()).filter(({ check }) => check.startsWith('scope:'))
    expect(permissions.map(({ verdict }) => verdict).sort()).toEqual([
      ...Array.from({ length: 5 }, () => 'ok'),
      ...Array.from({ length: 8 }, () => 'optional')
    ])
    const { body } = await world.admin.viewData<{ items: Line[] }>(bot.integrationId, 'lark_integration__diagnosis')
    const shown = body.items.filter(({ check }) => check?.startsWith('scope:')).map(({ verdict }) => verdict)
    expect([...new Set(shown)].sort()).toEqual(['OK', 'Optional'])
  })

  it('is what to mend first, of all that needs the app’s token', async () => {
    const lines = await during({ appSecret: 'another-secret-of-the-console' }, () => examine())
    const unknown = lines.filter(({ verdict, check }) => verdict === 'unknown' && check !== 'last_click')
    expect(unknown.map(({ check }) => check)).toEqual(
      expect.arrayContaining(['region', 'bot', 'scopes', 'version', 'availability', 'consumers', 'clock', 'quota'])
    )
    expect([...new Set(unknown.map(({ cause }) => cause))]).toEqual(['Not checked: first mend App ID and App Secret.'])
  })

  describe('of who answers', () => {
    const expertOf = async (of: Bot, headers?: Record<string, string>): Promise<Line> =>
      (await examine(of, headers)).find(({ check }) => check === 'expert')!
    const republish = async ({ expertId, integrationId }: Bot, config: Record<string, unknown> = {}) =>
      expect(
        (await world.admin.publish(expertId, { provider: 'lark', config: { integrationId, ...config } })).status
      ).toBeLessThan(300)

    it('is the Digital Expert that is published', async () => {
      expect(await expertOf(bot)).toMatchObject({ verdict: 'ok', cause: 'Published: "Ada" answers.', link: '' })
      expect((await expertOf(bot, { language: 'zh-Hans' })).cause).toBe('已发布：由“Ada”回复。')
    })

    it('is that its trigger is switched off, or does not say who may ask', async () => {
      await republish(bot, { enabled: false })
      expect(await expertOf(bot)).toMatchObject({
        verdict: 'fail',
        cause: expect.stringMatching(/"Ada" is switched off.* switch Enabled on, and publish/) as string
      })
      await republish(bot)
      await world.database.query(
        `UPDATE plugin_lark_binding SET config = config || '{"singleChatScope":"friends"}' WHERE integration_id = $1`,
        [bot.integrationId]
      )
      expect(await expertOf(bot)).toMatchObject({
        verdict: 'fail',
        cause: expect.stringMatching(/"Ada" do not say who may ask/) as string
      })
      await world.database.query(
        `UPDATE plugin_lark_binding SET config = config - 'singleChatScope' WHERE integration_id = $1`,
        [bot.integrationId]
      )
      expect(await expertOf(bot)).toMatchObject({ verdict: 'ok' })
    })

    it('is that nothing is published, which no test of the form says', async () => {
      const alone = await world.hire('webhook', ANSWER)
      await world.admin.unpublish(alone.expertId)
      expect(await expertOf(alone)).toMatchObject({
        verdict: 'fail',
        cause: expect.stringMatching(/^None is published.* add Lark Trigger .* and publish/) as string
      })
      expect((await expertOf(alone)).cause).toMatch(/shows it as published, change one of its settings first/)
      expect((await expertOf(alone, { language: 'zh-Hans' })).cause).toMatch(/显示.*已发布.*先.*修改.*一项设置/)
      const { options } = await world.admin.getIntegration(alone.integrationId)
      const tested = await world.admin.testIntegration({ id: alone.integrationId, options: { ...options } })
      expect(JSON.stringify(tested.body)).not.toContain('None is published')
    })

    it('is as of now, and so is the last message, without a new look at Lark', async () => {
      const path = `/api/lark/${bot.integrationId}/doctor`
      const read = async (check: string): Promise<Line> =>
        (await world.admin.request<{ lines: Line[] }>('GET', path)).body.lines.find((line) => line.check === check)!
      const looks = async () => (await world.lark.calls({ appId: bot.app.appId, api: 'bot.info' })).length
      await examine()
      const before = await looks()
      await republish(bot, { enabled: false })
      expect((await read('expert')).cause).toContain('switched off')
      await republish(bot)
      expect(await read('expert')).toMatchObject({ verdict: 'ok' })
      expect((await read('last_event')).cause).toContain('None yet')
      expect(await looks()).toBe(before)
      const { userId } = await world.person()
      const { messageId } = await world.lark.say({ userId, appId: bot.app.appId, text: 'hello' })
      await world.ended(messageId, 'answered', 'answered')
      expect(await read('last_event')).toMatchObject({ verdict: 'ok' })
    })

    it('is that the Digital Expert is deleted', async () => {
      const left = await world.hire('webhook', ANSWER)
      await world.database.query(`UPDATE xpert SET "deletedAt" = now() WHERE id = $1`, [left.expertId])
      expect(await expertOf(left)).toMatchObject({
        verdict: 'fail',
        cause: '"Ada" is deleted: publish another one on this integration.'
      })
      expect((await expertOf(left, { language: 'zh-Hans' })).cause).toMatch(/^“Ada”已被删除/)
    })

    it('is the one of another integration of the same app, by which the message is answered', async () => {
      const { options } = await world.admin.getIntegration(bot.integrationId)
      const { id } = await world.admin.createIntegration({ name: 'The same app', options: { ...options } })
      expect(await expertOf({ ...bot, integrationId: id })).toMatchObject({
        verdict: 'ok',
        cause: '"Ada" answers: it is published on another integration of this app.'
      })
      await world.admin.deleteIntegration(id)
    })
  })

  it('is that an administrator disconnected it, and no cause that was mended before', async () => {
    const act = async (wish: string) =>
      expect((await world.admin.request('POST', `/api/lark/${bot.integrationId}/${wish}`)).status).toBe(202)
    const { options } = await world.admin.getIntegration(bot.integrationId)
    const probe = async () =>
      (
        (await world.admin.testIntegration({ id: bot.integrationId, options: { ...options } })).body as {
          probe: { state: string; lastError: string | null }
        }
      ).probe
    const connection = async () => (await examine()).find(({ check }) => check === 'connection')!

    await world.lark.addFault({ on: 'endpoint', appId: bot.app.appId, times: -1, code: 1000040350 })
    await world.lark.closeConnections(bot.app.appId)
    await eventually('Lark has refused it', async () => (await connection()).cause.includes('1000040350'))
    await world.lark.clearFaults()
    await act('reconnect')
    await eventually('it is mended', async () => (await connection()).verdict === 'ok')

    await act('disconnect')
    await world.lark.waitForConnections(bot.app.appId, 0)
    const sentence = 'Disconnected by an administrator, so nothing is received: press Connect on the Status tab.'
    expect(await connection()).toMatchObject({ verdict: 'fail', cause: sentence })
    expect(await probe()).toMatchObject({ state: 'disconnected', lastError: sentence })

    await act('connect')
    await eventually('it is connected', async () => (await connection()).verdict === 'ok')
    expect(await probe()).toMatchObject({ state: 'connected', lastError: null })
  })
})
