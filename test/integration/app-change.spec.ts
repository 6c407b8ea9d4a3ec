import { eventually } from '../support/eventually'
import { largeTenant } from '../support/large-tenant'
import { Bot, World } from '../support/world'

const ANSWER = { kind: 'stream', text: 'Hello' } as const
const LIST_SCOPES = ['im:chat:readonly', 'contact:contact.base:readonly', 'contact:user.base:readonly']
const PEOPLE_API = 'contact.user.findByDepartment'

describe('an integration that names another app', () => {
  let world: World

  beforeEach(async () => {
    world = await World.create()
    await world.startHost()
  })

  afterEach(() => world.end())

  const use = async ({ integrationId }: Bot, more: Record<string, unknown>) => {
    const { options } = await world.admin.getIntegration(integrationId)
    await world.admin.updateIntegration(integrationId, { options: { ...options, ...more } })
  }
  const takeAnotherApp = async (bot: Bot) => {
    const { appId, appSecret, verificationToken } = await world.lark.createApp({ transport: 'webhook' })
    await use(bot, { appId, appSecret, verificationToken })
  }
  const readFromLark = ({ integrationId }: Bot) =>
    world.admin.viewAction(integrationId, 'lark_integration__users', 'read_from_lark')
  const rowsOf = async ({ integrationId }: Bot): Promise<number[]> => {
    const [counts] = await world.database.query<Record<'users' | 'chats' | 'jobs', number>>(
      `SELECT (SELECT count(*)::int FROM plugin_lark_user WHERE integration_id = $1) AS users,
              (SELECT count(*)::int FROM plugin_lark_chat WHERE integration_id = $1) AS chats,
              (SELECT count(*)::int FROM plugin_lark_job WHERE name = 'directory:' || $1) AS jobs`,
      [integrationId]
    )
    return [counts!.users, counts!.chats, counts!.jobs]
  }

  it('has none of the former app’s people and groups', async () => {
    const bot = await world.hire('webhook', ANSWER, { scopes: LIST_SCOPES })
    await largeTenant(world.lark, bot.app, { members: 9, departments: 2, groups: 3 })
    await readFromLark(bot)
    await eventually('all are read', async () => String(await rowsOf(bot)) === '9,3,1')
    await takeAnotherApp(bot)
    await eventually('nobody of the former app is left', async () => String(await rowsOf(bot)) === '0,0,0')
  })

  it('keeps its people while only something else changes', async () => {
    const bot = await world.hire('webhook', ANSWER, { scopes: LIST_SCOPES })
    await largeTenant(world.lark, bot.app, { members: 9, departments: 2, groups: 3 })
    await readFromLark(bot)
    await eventually('all are read', async () => String(await rowsOf(bot)) === '9,3,1')
    const { encryptKey } = await world.lark.updateApp(bot.app.appId, { encryptKey: 'another-key-of-the-console' })
    await use(bot, { encryptKey })
    // Changes are told in their order: once a later one has had its effect, this one was told, too.
    const later = await world.hire('webhook', ANSWER)
    const { userId } = await world.person()
    await world.lark.say({ userId, appId: later.app.appId, text: 'hello' })
    await eventually('who wrote is recorded', async () => String(await rowsOf(later)) === '1,1,0')
    await takeAnotherApp(later)
    await eventually('nobody of its former app is left', async () => String(await rowsOf(later)) === '0,0,0')
    await world.host.stop()
    expect(await rowsOf(bot)).toEqual([9, 3, 1])
  })

  it('records nobody whom a read under way finds with the former app', async () => {
    const bot = await world.hire('webhook', ANSWER, { scopes: LIST_SCOPES })
    await largeTenant(world.lark, bot.app, { members: 9, departments: 2, groups: 3 })
    await world.lark.addFault({ on: 'api', appId: bot.app.appId, api: PEOPLE_API, delayMs: 2_000, times: -1 })
    await readFromLark(bot)
    await world.lark.waitForCall({ api: PEOPLE_API, appId: bot.app.appId, inFlight: true })
    await takeAnotherApp(bot)
    await eventually('the read is taken away', async () => (await rowsOf(bot))[2] === 0)
    // Waits for the call.
    await world.host.stop()
    expect(await rowsOf(bot)).toEqual([0, 0, 0])
  })

  it('has nothing of the former app answered again', async () => {
    const bot = await world.hire('webhook', { kind: 'fail', message: 'no luck' })
    const { userId } = await world.person()
    const { messageId } = await world.lark.say({ userId, appId: bot.app.appId, text: 'hello' })
    await world.ended(messageId, 'failed', 'run_failed')
    await takeAnotherApp(bot)
    await eventually('nobody of the former app is left', async () => String(await rowsOf(bot)) === '0,0,0')
    const [failed] = await world.rows(messageId)
    const again = { targetId: failed!.id }
    const { body } = await world.admin.viewAction<{ success: boolean }>(
      bot.integrationId,
      'lark_integration__messages',
      'answer_again',
      again
    )
    expect(body.success).toBe(true)
    await eventually('it is refused', async () =>
      (await world.rows(messageId)).some(({ state, reason }) => state === 'refused' && reason === 'wrong_app')
    )
    expect(await world.admin.runs(bot.expertId)).toHaveLength(1)
    await world.host.stop()
    expect(await rowsOf(bot)).toEqual([0, 0, 0])
  })
})
