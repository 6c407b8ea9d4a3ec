import { World } from '../support/world'

const ANSWER = { kind: 'stream', text: 'Hello' } as const

describe('the checks of a trigger', () => {
  let world: World

  beforeAll(async () => {
    world = await World.create()
    await world.startHost()
  })

  afterAll(() => world.end())

  it('believe an admin who has granted what was missing', async () => {
    const bot = await world.hire('webhook', ANSWER)
    const config = { integrationId: bot.integrationId, groupReplyStrategy: 'all_messages' }
    const check = () => world.admin.validateTrigger(bot.expertId, config)
    const looks = async () => (await world.lark.calls({ api: 'application.scope.list', appId: bot.app.appId })).length
    expect(await check()).toMatchObject([{ field: 'groupReplyStrategy', level: 'warning' }])
    const before = await looks()
    expect(await check()).toHaveLength(1)
    expect(await looks()).toBe(before)

    await world.lark.updateApp(bot.app.appId, { scopes: [...bot.app.scopes, 'im:message.group_msg'] })
    await world.host.changeClock({ advanceMs: 31_000 })
    expect(await check()).toEqual([])
  })
})
