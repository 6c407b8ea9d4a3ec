import { newTurn } from '../support/conversation-parts'
import { TwoInstances } from '../support/two-instances'

const NOW = new Date('2026-03-01T10:00:00Z')
const after = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000)
const WINDOW = { idleSeconds: 3, maxWaitSeconds: 10, maxMessages: 500 }

describe('sessions in PostgreSQL, with two instances', () => {
  const instances = new TwoInstances(NOW)
  const { at, rows } = instances
  const write = (
    messageId: string,
    senderId = 'ou_1',
    more: Parameters<typeof newTurn>[1] = {},
    by = instances.first
  ) => instances.write(messageId, senderId, { window: WINDOW, ...more }, by)
  const open = () =>
    instances.database.query<{ closed: boolean }>(
      `SELECT closed_at IS NOT NULL AS closed FROM plugin_lark_session ORDER BY created_at`
    )
  const answered = async (turnId: string) => {
    const [row] = await instances.database.query<{ attempt: string }>(
      `SELECT attempt FROM plugin_lark_turn WHERE id = $1`,
      [turnId]
    )
    await instances.first.attempts.end((await instances.first.turns.findRunning(turnId, row!.attempt))!, {
      outcome: 'answered',
      reason: 'answered'
    })
  }
  const plain = { window: null, sessionTimeoutSeconds: 60 }

  it('end when they were idle for too long, once, however many messages find that', async () => {
    await answered(await write('a', 'ou_1', plain))
    at(after(59))
    await answered(await write('b', 'ou_1', plain))
    at(after(120))
    await Promise.all(
      ['c', 'd', 'e'].map((id, index) => write(id, 'ou_1', plain, index % 2 ? instances.first : instances.second))
    )
    expect(await open()).toEqual([{ closed: true }, { closed: false }])
  })

  it('never end by age with 0, and not while they have something to do', async () => {
    await answered(await write('a', 'ou_1', { window: null }))
    at(after(1_000_000))
    await write('b', 'ou_1', { window: null })
    at(after(2_000_000))
    await write('c', 'ou_1', plain)
    expect(await open()).toEqual([{ closed: false }])
  })

  const ofBot = { window: null, isBot: true, sessionTimeoutSeconds: 60, chatType: 'group' as const }
  /** Scopes of one group: one for all, one a sender, one a message. */
  const DIVISIONS: [string, (sender: string, message: string) => string][] = [
    ['chat', () => 'group:oc_1'],
    ['chat_and_sender', (sender) => `group:oc_1:${sender}`],
    ['thread', (_sender, message) => `root:oc_1:${message}`]
  ]

  it.each(DIVISIONS)('stop bots of a chat, over two instances, until a person writes: %s', async (_, scopeKeyOf) => {
    const say = (id: string, sender: string, index: number, isBot = true) =>
      write(
        id,
        sender,
        { ...ofBot, isBot, scopeKey: scopeKeyOf(sender, id) },
        index % 2 ? instances.first : instances.second
      )
    const talk = (name: string) =>
      Promise.allSettled(
        Array.from({ length: 14 }, (_each, index) => say(`${name}${index}`, `ou_b${index % 3}`, index))
      )
    const refusals = async (name: string) => {
      const refused = (await talk(name)).flatMap((tried) =>
        tried.status === 'rejected' ? [tried.reason.botTurns] : []
      )
      return refused.sort((one, other) => one - other)
    }
    expect(await refusals('a')).toEqual([11, 12, 13, 14])
    const before = await open()
    await expect(say('late', 'ou_b0', 0)).rejects.toMatchObject({ code: 'bot_loop', botTurns: 15 })
    expect(await open()).toEqual(before)
    await say('person', 'ou_1', 0, false)
    expect(await refusals('b')).toEqual([11, 12, 13, 14])
    await instances.first.commands.humanSpoke(newTurn('any', { scopeKey: 'group:oc_1:ou_2' }))
    await say('again', 'ou_b0', 0)
    expect((await rows()).flatMap(({ messages }) => messages)).toHaveLength(22)
  })

  it('count the bots of a chat, an expert and an integration apart from others', async () => {
    for (let turn = 0; turn < 10; turn += 1) await write(`b${turn}`, 'ou_b', ofBot)
    const elsewhere = [{ chatId: 'oc_2', scopeKey: 'group:oc_2' }, { xpertId: 'other' }, { integrationId: 'other' }]
    for (const [index, more] of elsewhere.entries()) {
      await write(`elsewhere${index}`, 'ou_b', { ...ofBot, ...more })
      await write(`person${index}`, 'ou_1', { ...ofBot, isBot: false, ...more })
      await instances.first.commands.humanSpoke(newTurn('any', more))
    }
    await expect(write('b10', 'ou_b', ofBot)).rejects.toMatchObject({ code: 'bot_loop' })
  })

  it('of many chats are opened by two instances at once, whoever speaks in them', async () => {
    const chats = Array.from({ length: 20 }, (_, index) => `oc_${index}`)
    const inChat = (chatId: string, round: number, isBot: boolean, parts: typeof instances.first) =>
      write(
        `${chatId} ${round} ${isBot}`,
        isBot ? 'ou_b' : 'ou_1',
        {
          ...ofBot,
          isBot,
          chatId,
          scopeKey: `group:${chatId}:${isBot ? 'ou_b' : 'ou_1'}`
        },
        parts
      )
    for (let round = 0; round < 5; round += 1)
      await Promise.all([
        ...chats.map((chatId, index) => inChat(chatId, round, index % 2 === 0, instances.first)),
        ...[...chats].reverse().map((chatId, index) => inChat(chatId, round, index % 2 === 0, instances.second))
      ])
    expect(await rows()).toHaveLength(200)
  })

  it('know how many bots spoke also when a session has just ended by age', async () => {
    const bot = { window: null, isBot: true, sessionTimeoutSeconds: 60 }
    for (let turn = 0; turn < 10; turn += 1) {
      at(after(turn * 100))
      await answered(await write(`b${turn}`, 'ou_b', bot))
    }
    at(after(1_000))
    await expect(write('b10', 'ou_b', bot)).rejects.toMatchObject({ code: 'bot_loop' })
  })
})
