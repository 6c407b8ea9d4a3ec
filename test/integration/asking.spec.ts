import { PDF } from '../support/bytes'
import { eventually } from '../support/eventually'
import { Bot, World } from '../support/world'

const ANSWER = { kind: 'stream', text: 'You said: {input}' } as const

/** Who asks: what is known of them, and what they are told, whatever becomes of their message. */
describe('a person who writes to the bot', () => {
  let world: World

  beforeAll(async () => {
    world = await World.create()
    await world.startHost({ instance: 'first' })
  })

  afterAll(() => world.end())

  const ended = (messageId: string, state: string, reason: string) => world.ended(messageId, state, reason)
  const pick = async ({ integrationId }: Bot): Promise<string[]> => {
    const path = `/api/lark/user-select-options?integration=${integrationId}`
    return (await world.admin.request<{ value: string }[]>('GET', path)).body.map(({ value }) => value)
  }
  const fromBot = async (chatId: string) => (await world.lark.read(chatId)).filter((message) => message.fromBot)

  it('is recorded and offered by the pickers, with whom they mention, also when they may not ask', async () => {
    const trigger = {
      singleChatScope: 'selected_users',
      singleChatUserOpenIds: ['ou_nobody'],
      allowedGroupScope: 'selected_chats',
      allowedGroupChatIds: ['oc_none']
    }
    const bot = await world.hire('webhook', ANSWER, { trigger })
    const [mei, bo, kim] = [await world.person('Mei'), await world.person('Bo'), await world.person('Kim')]
    const direct = await world.lark.say({ userId: mei.userId, appId: bot.app.appId, text: 'hello' })
    await ended(direct.messageId, 'refused', 'direct_chat_not_allowed')
    const group = { name: 'Team', userIds: [bo.userId, kim.userId], appIds: [bot.app.appId] }
    const { chatId } = await world.lark.createGroup(group)
    const { messageId } = await world.lark.say({ userId: bo.userId, chatId, text: '@Ada ask @Kim' })
    await ended(messageId, 'refused', 'group_not_allowed')

    const openIds = [mei, bo, kim].map(({ openIds }) => openIds[bot.app.appId]!)
    await eventually('they are recorded', async () => {
      const known = await pick(bot)
      return openIds.every((openId) => known.includes(openId))
    })
    const names = await world.database.query(`SELECT open_id, name FROM plugin_lark_user WHERE open_id = ANY($1)`, [
      openIds
    ])
    expect(names).toContainEqual({ open_id: openIds[2], name: 'Kim' })
    await eventually('the group is recorded', async () => {
      const chats = await world.database.query<{ chat_id: string }>(
        `SELECT chat_id FROM plugin_lark_chat WHERE integration_id = $1`,
        [bot.integrationId]
      )
      return chats.some((chat) => chat.chat_id === chatId)
    })
  })

  it('and only mentions it in reply to a message asks about that one, and without one is asked what they want', async () => {
    const bot = await world.hire('webhook', ANSWER, { scopes: ['im:message:readonly', 'im:message.group_msg'] })
    const { userId } = await world.person('Ann')
    const { chatId } = await world.lark.createGroup({ name: 'Team', userIds: [userId], appIds: [bot.app.appId] })
    const { key } = await world.lark.uploadFile({ name: 'plan.pdf', bytes: PDF })
    const content = { file_key: key, file_name: 'plan.pdf' }
    const file = await world.lark.say({ userId, chatId, msgType: 'file', content })
    const asked = await world.lark.say({ userId, chatId, text: '@Ada', replyTo: file.messageId })
    await ended(asked.messageId, 'answered', 'answered')
    const [run] = await world.admin.waitForRuns(bot.expertId, 1)
    expect(run!.input).toContain('> [file: plan.pdf]')
    expect(run!.files).toMatchObject([{ name: 'plan.pdf' }])

    const bare = await world.lark.say({ userId, chatId, text: '@Ada' })
    await ended(bare.messageId, 'answered', 'empty_message')
    const direct = await world.lark.say({ userId, appId: bot.app.appId, text: ' ' })
    await ended(direct.messageId, 'answered', 'empty_message')
    const [told] = await fromBot(direct.chatId)
    expect(told!.text).not.toContain('mention')
  })

  it('is not answered where the settings that say who may ask can not be read', async () => {
    const bot = await world.hire('webhook', ANSWER)
    const { userId } = await world.person('Ann')
    await world.database.query(
      `UPDATE plugin_lark_binding SET config = config || '{"allowedGroupScope": "selected_groups"}' WHERE integration_id = $1`,
      [bot.integrationId]
    )
    const { chatId } = await world.lark.createGroup({ name: 'Team', userIds: [userId], appIds: [bot.app.appId] })
    const { messageId } = await world.lark.say({ userId, chatId, text: '@Ada hello' })
    await ended(messageId, 'refused', 'settings_invalid')
    await world.database.query(
      `UPDATE plugin_lark_binding SET config = config || '{"allowedGroupScope": "all_chats", "sessionTimeoutSeconds": "long"}' WHERE integration_id = $1`,
      [bot.integrationId]
    )
    const next = await world.lark.say({ userId, chatId, text: '@Ada hello' })
    await ended(next.messageId, 'answered', 'answered')
  })

  it('is told when nobody answers: directly, and where the bot is mentioned; and is offered by the pickers', async () => {
    const bot = await world.hire('webhook', ANSWER, { scopes: ['im:message.group_msg'] })
    const { userId } = await world.person('Ann')
    const config = { integrationId: bot.integrationId, enabled: false }
    await world.admin.publish(bot.expertId, { provider: 'lark', config })
    const { chatId } = await world.lark.createGroup({ name: 'Team', userIds: [userId], appIds: [bot.app.appId] })
    const inGroup = await world.lark.say({ userId, chatId, text: '@Ada hello' })
    const direct = await world.lark.say({ userId, appId: bot.app.appId, text: 'hello' })
    await ended(direct.messageId, 'refused', 'disabled')
    await ended(inGroup.messageId, 'refused', 'disabled')
    expect(await fromBot(direct.chatId)).toMatchObject([
      { replyTo: direct.messageId, text: expect.stringContaining('No Digital Expert') as string }
    ])
    const toOthers = await world.lark.say({ userId, chatId, text: 'hello all' })
    await ended(toOthers.messageId, 'refused', 'disabled')
    expect(await fromBot(chatId)).toMatchObject([{ replyTo: inGroup.messageId }])

    await world.database.query(`DELETE FROM plugin_lark_binding WHERE integration_id = $1`, [bot.integrationId])
    const next = await world.person('Bo')
    const later = await world.lark.say({ userId: next.userId, appId: bot.app.appId, text: 'hello' })
    await world.lark.redeliver({ messageId: later.messageId, appId: bot.app.appId })
    await ended(later.messageId, 'refused', 'not_published')
    expect(await fromBot(later.chatId)).toMatchObject([{ replyTo: later.messageId }])
    await eventually('they are recorded', async () => (await pick(bot)).includes(next.openIds[bot.app.appId]!))
    const mentioned = await world.lark.say({ userId, chatId, text: '@Ada hello' })
    await ended(mentioned.messageId, 'refused', 'not_published')
    expect(await fromBot(chatId)).toMatchObject([{ replyTo: inGroup.messageId }, { replyTo: mentioned.messageId }])
  })

  it('is not told of a message that Lark delivers late', async () => {
    const bot = await world.hire('webhook', ANSWER)
    const { userId } = await world.person('Ann')
    const config = { integrationId: bot.integrationId, enabled: false }
    await world.admin.publish(bot.expertId, { provider: 'lark', config })
    await world.host.changeClock({ advanceMs: 5 * 60_000 })
    const { messageId, chatId } = await world.lark.say({ userId, appId: bot.app.appId, text: 'hello' })
    await ended(messageId, 'refused', 'disabled')
    expect(await fromBot(chatId)).toEqual([])
  })

  it('is answered at the longest wait, however long the window is', async () => {
    const trigger = { summaryWindowSeconds: 60, summaryMaxWaitSeconds: 1 }
    const bot = await world.hire('webhook', ANSWER, { trigger })
    const { userId } = await world.person('Ann')
    const { messageId } = await world.lark.say({ userId, appId: bot.app.appId, text: 'hello' })
    await ended(messageId, 'answered', 'answered')
  })

  it('in a way that the trigger’s settings do not reach is what its checks warn of', async () => {
    const bot = await world.hire('webhook', ANSWER)
    const { integrationId } = bot
    const trigger = { sessionScope: 'thread', summaryWindowSeconds: 5, respondToMentionAll: true }
    const found = await world.admin.validateTrigger(bot.expertId, { integrationId, ...trigger })
    expect(found.map(({ field, level }) => [field, level])).toEqual([
      ['sessionScope', 'warning'],
      ['respondToMentionAll', 'warning']
    ])
  })

  it('only directly is known by name where the app may read names', async () => {
    const scopes = ['contact:contact.base:readonly', 'contact:user.base:readonly']
    const bot = await world.hire('webhook', ANSWER, { scopes })
    const { userId, openIds } = await world.person('Ann')
    await world.lark.say({ userId, appId: bot.app.appId, text: 'hello' })
    const openId = openIds[bot.app.appId]
    await eventually('the name is recorded', async () => {
      const rows = await world.database.query(`SELECT 1 FROM plugin_lark_user WHERE open_id = $1 AND name = 'Ann'`, [
        openId
      ])
      return rows.length === 1
    })
  })

  it('in a group shows an admin its name where the app may read groups', async () => {
    const bot = await world.hire('webhook', ANSWER, { scopes: ['im:chat:readonly'] })
    const { userId } = await world.person()
    const { chatId } = await world.lark.createGroup({ name: 'Team', userIds: [userId], appIds: [bot.app.appId] })
    await world.lark.say({ userId, chatId, text: '@Ada hello' })
    await world.lark.say({ userId, chatId, text: '@Ada hello again' })
    const nameOf = async () =>
      (
        await world.database.query<{ name: string | null }>(`SELECT name FROM plugin_lark_chat WHERE chat_id = $1`, [
          chatId
        ])
      )[0]
    await eventually('the name is recorded', async () => (await nameOf())?.name === 'Team')
    expect(await world.lark.calls({ appId: bot.app.appId, api: 'im.chat.get' })).toHaveLength(1)
  })

  it('stops their own answer from outside its thread, where each thread is a conversation', async () => {
    const bot = await world.hire('webhook', { kind: 'never' }, { trigger: { sessionScope: 'thread' } })
    const [ann, bo] = [await world.person('Ann'), await world.person('Bo')]
    const group = { name: 'Team', userIds: [ann.userId, bo.userId], appIds: [bot.app.appId] }
    const { chatId } = await world.lark.createGroup(group)
    const asked = await world.lark.say({ userId: ann.userId, chatId, text: '@Ada hello' })
    const other = await world.lark.say({ userId: bo.userId, chatId, text: '@Ada hello' })
    await world.admin.waitForRuns(bot.expertId, 2)
    await world.lark.say({ userId: ann.userId, chatId, text: '@Ada /stop' })
    await ended(asked.messageId, 'dropped', 'stopped')
    expect((await world.row(other.messageId))?.state).toBe('attached')
    const again = await world.lark.say({ userId: ann.userId, chatId, text: '@Ada /stop' })
    await ended(again.messageId, 'answered', 'command')
    await world.lark.waitForMessage(chatId, { fromBot: true, replyTo: again.messageId, textIncludes: 'othing' })
  })
  it('takes back what is still collected in a thread, from outside of it', async () => {
    const trigger = { sessionScope: 'thread', summaryWindowSeconds: 30 }
    const bot = await world.hire('webhook', ANSWER, { trigger })
    const [ann, bo] = [await world.person('Ann'), await world.person('Bo')]
    const group = { name: 'Team', userIds: [ann.userId, bo.userId], appIds: [bot.app.appId] }
    const { chatId } = await world.lark.createGroup(group)
    const asked = await world.lark.say({ userId: ann.userId, chatId, text: '@Ada hello' })
    const other = await world.lark.say({ userId: bo.userId, chatId, text: '@Ada hello' })
    await eventually('both are collected', async () => {
      const states = await Promise.all([asked, other].map(async ({ messageId }) => (await world.row(messageId))?.state))
      return states.every((state) => state === 'attached')
    })
    const stop = await world.lark.say({ userId: ann.userId, chatId, text: '@Ada /stop' })
    await ended(asked.messageId, 'dropped', 'stopped')
    await ended(stop.messageId, 'answered', 'command')
    await world.lark.waitForMessage(chatId, { fromBot: true, replyTo: stop.messageId, textIncludes: 'Stopped' })
    expect((await world.row(other.messageId))?.state).toBe('attached')
  })
})
