import { Client } from '@larksuiteoapi/node-sdk'
import { LarkSimulator, SimApp, SimUser, Transport } from '../../../playground/lark-simulator/client'
import { clientOf, text } from './bot'
import { WebhookReceiver } from './webhook-receiver'

type Event = {
  header: { event_type: string; app_id: string }
  event: {
    sender: { sender_id: { open_id: string; user_id: string | null; union_id: string }; sender_type: string }
    message: Record<string, unknown> & { content: string; mentions?: { id: { open_id: string } }[] }
  }
}

describe('what apps hear of people', () => {
  let sim: LarkSimulator
  let receiver: WebhookReceiver
  let ann: SimUser
  let bob: SimUser

  beforeAll(async () => {
    sim = await LarkSimulator.spawn()
    ann = await sim.createUser({ name: 'Ann' })
    bob = await sim.createUser({ name: 'Ann Bob' })
  })
  beforeEach(async () => {
    receiver = await WebhookReceiver.start()
  })
  afterEach(() => receiver.stop())
  afterAll(() => sim.stop())

  const createApp = (input: Partial<SimApp> = {}) =>
    sim.createApp({ transport: 'webhook' as Transport, webhookUrl: receiver.url, name: 'Bot', ...input })
  const events = () => receiver.received.map(({ body }) => JSON.parse(body) as Event)
  const contents = () => events().map(({ event }) => event.message.content)

  it('a group message only where the bot is mentioned, unless a scope widens it', async () => {
    const app = await createApp()
    const group = await sim.createGroup({ name: 'g', userIds: [ann.userId, bob.userId], appIds: [app.appId] })
    const say = (words: string) => sim.say({ userId: ann.userId, chatId: group.chatId, text: words })
    await say('to nobody')
    await say('@all to everybody')
    await say('@Bot @Ann Bob @Ann hello')
    await sim.settled()
    expect(contents()).toEqual(['{"text":"@_user_1 @_user_2 @_user_3 hello"}'])
    expect(events()[0].event.message).toMatchObject({
      chat_type: 'group',
      mentions: [
        { key: '@_user_1', mentioned_type: 'bot', id: { open_id: app.botOpenId } },
        { name: 'Ann Bob', mentioned_type: 'user' },
        { name: 'Ann' }
      ]
    })
    await sim.updateApp(app.appId, { scopes: ['im:message.group_msg', 'contact:user.employee_id:readonly'] })
    await say('now to all')
    await sim.settled()
    expect(contents()).toHaveLength(2)
    expect(events()[0].event.sender.sender_id.user_id).toBeNull()
    expect(events()[1].event.sender.sender_id.user_id).toBe(ann.userId)
    await sim.updateApp(app.appId, { scopes: [] })
    await say('@Bot nothing')
    await sim.settled()
    expect(contents()).toHaveLength(2)
  })

  it('another bot only with its scope, and never itself', async () => {
    const [hearing, deaf, talking] = [
      await createApp({ name: 'Hearing' }),
      await createApp({ name: 'Deaf', scopes: ['im:message.group_at_msg:readonly'] }),
      await createApp({ name: 'Talking' })
    ]
    const group = await sim.createGroup({
      name: 'g',
      userIds: [ann.userId],
      appIds: [hearing.appId, deaf.appId, talking.appId]
    })
    const client: Client = clientOf(sim, talking)
    await sim.say({ userId: ann.userId, chatId: group.chatId, text: '@Hearing @Deaf @Talking hi' })
    await sim.settled()
    const mentions = events().find(({ header }) => header.app_id === talking.appId)?.event.message.mentions ?? []
    const words = mentions.map(({ id }, index) => `<at user_id="${id.open_id}">x${index}</at>`).join(' ')
    await client.im.v1.message.create({
      params: { receive_id_type: 'chat_id' },
      data: { receive_id: group.chatId, ...text(words) }
    })
    await sim.settled()
    const heard = events().slice(3)
    expect(heard.map(({ header, event }) => [header.app_id, event.sender.sender_type])).toEqual([
      [hearing.appId, 'bot']
    ])
    expect((await sim.read(group.chatId))[1].text).toBe('@Hearing @Deaf @Talking')
  })

  it('the same message under its own open_ids', async () => {
    const [one, two] = [await createApp({ name: 'One' }), await createApp({ name: 'Two' })]
    const group = await sim.createGroup({ name: 'g', userIds: [ann.userId], appIds: [one.appId, two.appId] })
    const { messageId } = await sim.say({ userId: ann.userId, chatId: group.chatId, text: '@One @Two' })
    await sim.settled()
    const [first, second] = events()
    expect([first.event.message.message_id, second.event.message.message_id]).toEqual([messageId, messageId])
    expect(first.event.sender.sender_id.union_id).toBe(second.event.sender.sender_id.union_id)
    expect(first.event.sender.sender_id.open_id).not.toBe(second.event.sender.sender_id.open_id)
  })

  it('topics by their thread, in a topic group and in a normal one', async () => {
    const app = await createApp({ scopes: ['im:message.group_msg'] })
    const forum = await sim.createGroup({ name: 'f', mode: 'topic', userIds: [ann.userId], appIds: [app.appId] })
    const { messageId } = await sim.say({ userId: ann.userId, chatId: forum.chatId, text: 'a topic' })
    await sim.settled()
    await sim.say({ userId: ann.userId, chatId: forum.chatId, text: 'an answer', replyTo: messageId })
    await sim.settled()
    const [topic, reply] = events().map(({ event }) => event.message)
    expect(topic).toMatchObject({ chat_type: 'group', thread_id: expect.stringMatching(/^omt_/) })
    expect(reply).toMatchObject({ thread_id: topic.thread_id, root_id: messageId, parent_id: messageId })
    const plain = await sim.createGroup({ name: 'g', userIds: [ann.userId], appIds: [app.appId] })
    const first = await sim.say({ userId: ann.userId, chatId: plain.chatId, text: 'first' })
    await sim.settled()
    await sim.say({ userId: ann.userId, chatId: plain.chatId, text: 'quote', replyTo: first.messageId })
    await sim.settled()
    expect(events()[3].event.message).toMatchObject({ root_id: first.messageId, parent_id: first.messageId })
    expect(events()[3].event.message.thread_id).toBeUndefined()
  })

  it('rich text without a locale and with mention nodes, and bundles without their children', async () => {
    const app = await createApp()
    const post = {
      title: 'T',
      content: [
        [
          { tag: 'text', text: 'hi @Bot ' },
          { tag: 'a', text: 'link', href: 'https://example.com' }
        ]
      ]
    }
    const { messageId, chatId } = await sim.say({
      userId: ann.userId,
      appId: app.appId,
      msgType: 'post',
      content: post
    })
    await sim.settled()
    await sim.forward({ userId: ann.userId, chatId, messageIds: [messageId] })
    await sim.settled()
    expect(JSON.parse(contents()[0])).toMatchObject({
      title: 'T',
      content: [
        [
          { tag: 'text', text: 'hi ' },
          { tag: 'at', user_id: '@_user_1', user_name: 'Bot' },
          { tag: 'text', text: ' ' },
          { tag: 'a' }
        ]
      ]
    })
    expect(contents()[1]).toBe('{"content":"Merged and Forwarded Message"}')
    expect((await sim.read(chatId))[0].text).toBe('T\nhi @Bot link')
  })

  it('recalls, reactions, reads and memberships with the scopes for them', async () => {
    const app = await createApp({ scopes: ['im:message', 'im:message:readonly', 'im:message.group_msg', 'im:chat'] })
    const group = await sim.createGroup({ name: 'g', userIds: [ann.userId], appIds: [app.appId] })
    const { messageId } = await sim.say({ userId: ann.userId, chatId: group.chatId, text: 'oops' })
    await sim.react({ userId: ann.userId, messageId, emoji: 'THUMBSUP' })
    await sim.recall({ userId: ann.userId, messageId })
    await sim.changeMembers(group.chatId, { addUserIds: [bob.userId], removeAppIds: [app.appId] })
    const sent = await clientOf(sim, app).im.v1.message.create({
      params: { receive_id_type: 'user_id' },
      data: { receive_id: ann.userId, ...text('read me') }
    })
    await sim.markRead({ userId: ann.userId, messageIds: [sent.data?.message_id ?? ''] })
    await sim.settled()
    expect(
      events()
        .map(({ header }) => header.event_type)
        .sort()
    ).toEqual([
      'im.chat.member.bot.added_v1',
      'im.chat.member.bot.deleted_v1',
      'im.chat.member.user.added_v1',
      'im.message.message_read_v1',
      'im.message.reaction.created_v1',
      'im.message.recalled_v1',
      'im.message.receive_v1'
    ])
  })

  it('files that it may fetch through the message only', async () => {
    const app = await createApp({ scopes: ['im:message', 'im:resource', 'im:message.p2p_msg:readonly'] })
    const { key } = await sim.uploadFile({ name: 'note.txt', bytes: Buffer.from('contents') })
    const { messageId } = await sim.say({
      userId: ann.userId,
      appId: app.appId,
      msgType: 'file',
      content: { file_key: key, file_name: 'note.txt' }
    })
    const client = clientOf(sim, app)
    const file = await client.im.v1.messageResource.get({
      path: { message_id: messageId, file_key: key },
      params: { type: 'file' }
    })
    const chunks: Buffer[] = []
    for await (const chunk of file.getReadableStream()) chunks.push(chunk as Buffer)
    expect(Buffer.concat(chunks).toString()).toBe('contents')
    await expect(client.im.v1.file.get({ path: { file_key: key } })).rejects.toMatchObject({
      response: { status: 400 }
    })
    const own = await client.im.v1.file.create({
      data: { file_type: 'stream', file_name: 'a.bin', file: Buffer.from('mine') }
    })
    const image = await client.im.v1.image.create({
      data: { image_type: 'message', image: Buffer.from('89504e470d0a1a0a00', 'hex') }
    })
    expect([own?.file_key, image?.image_key]).toEqual([expect.stringMatching(/^file_/), expect.stringMatching(/^img_/)])
    const sent = await client.im.v1.message.create({
      params: { receive_id_type: 'user_id' },
      data: { receive_id: ann.userId, msg_type: 'image', content: JSON.stringify({ image_key: image?.image_key }) }
    })
    expect(sent.code).toBe(0)
  })

  it('contacts in the fields that its scopes allow', async () => {
    const app = await createApp({ scopes: ['contact:contact.base:readonly'], unavailableUserIds: [bob.userId] })
    const client = clientOf(sim, app)
    const items = (await client.contact.v3.user.findByDepartment({ params: { department_id: '0' } })).data?.items ?? []
    expect(items.map(({ union_id }) => union_id)).toContain(ann.unionId)
    expect(items.map(({ union_id }) => union_id)).not.toContain(bob.unionId)
    expect(items[0].name).toBeUndefined()
    await sim.updateApp(app.appId, { scopes: ['contact:contact.base:readonly', 'contact:user.base:readonly'] })
    expect((await client.contact.v3.user.get({ path: { user_id: items[0].open_id ?? '' } })).data?.user?.name).toBe(
      'Ann'
    )
    const batch = await client.contact.v3.user.batch({
      params: { user_id_type: 'union_id', user_ids: [ann.unionId, bob.unionId] }
    })
    expect(batch.data?.items?.map(({ union_id }) => union_id)).toEqual([ann.unionId])
    expect((await client.application.v6.scope.list()).data?.scopes).toContainEqual({
      scope_name: 'contact:user.base:readonly',
      grant_status: 1,
      scope_type: 'tenant'
    })
  })
})
