import { DataSource } from 'typeorm'
import { PluginConfigReader, SingletonJobs } from '../../src/cluster'
import { HistoryRetention } from '../../src/conversation'
import { HistoryRepository } from '../../src/conversation/history.repository'
import { ReplyLedger } from '../../src/reply'
import { conversationParts, newTurn } from '../support/conversation-parts'
import { createTestDatabase, TestDatabase } from '../support/database'
import { openPluginTables } from '../support/plugin-tables'

const NOW = new Date('2026-03-01T10:00:00Z')

describe('retention of conversations', () => {
  let database: TestDatabase
  let dataSource: DataSource

  beforeAll(async () => {
    database = await createTestDatabase()
    dataSource = await openPluginTables(database.url)
  })

  beforeEach(() =>
    database.query(
      'TRUNCATE plugin_lark_session, plugin_lark_turn, plugin_lark_reply, plugin_lark_job, plugin_lark_bot_talk'
    )
  )

  afterAll(async () => {
    await dataSource.destroy()
    await database.drop()
  })

  const parts = () => conversationParts(dataSource, NOW)
  const retention = () => {
    const jobs = new SingletonJobs(dataSource)
    const history = new HistoryRepository(dataSource)
    return new HistoryRetention(
      history,
      new ReplyLedger(dataSource),
      jobs,
      new PluginConfigReader(() => ({})),
      parts().clock
    )
  }
  /** A failed turn of a chat of its own, with its reply; `endedDaysAgo` null for one that runs. */
  const turn = async (chatId: string, endedDaysAgo: number | null, isClosed = false) => {
    const input = newTurn(`om_${chatId}`, { scopeKey: chatId, chatId })
    let id = ''
    await parts().conversations.open(input, async (_manager, turnId) => {
      id = turnId
    })
    await database.query(
      `INSERT INTO plugin_lark_reply (turn_id, integration_id, chat_id, phase, text, updated_at)
       VALUES ($1, 'integration', $2, 'failed', 'half an answer', $3::timestamptz - make_interval(days => $4))`,
      [id, chatId, NOW, endedDaysAgo ?? 99]
    )
    if (endedDaysAgo === null) return
    const endedAt = new Date(NOW.getTime() - endedDaysAgo * 86_400_000)
    await database.query(
      `UPDATE plugin_lark_turn SET state = 'ended', outcome = 'failed', reason = 'run_failed', ended_at = $2 WHERE id = $1`,
      [id, endedAt]
    )
    if (isClosed)
      await database.query(`UPDATE plugin_lark_session SET closed_at = $2 WHERE chat_id = $1`, [chatId, endedAt])
  }
  const left = async () => {
    const turns = await database.query<{ chat: string; asks: boolean; shows: boolean | null }>(
      `SELECT session.chat_id AS chat, turn.messages @? '$[*].text' AS asks, reply.text IS NOT NULL AS shows
       FROM plugin_lark_turn turn JOIN plugin_lark_session session ON session.id = turn.session_id
       JOIN plugin_lark_reply reply ON reply.turn_id = turn.id ORDER BY 1`
    )
    const sessions = await database.query<{ chat: string }>(
      `SELECT chat_id AS chat FROM plugin_lark_session ORDER BY 1`
    )
    const [replies] = await database.query<{ n: number }>(`SELECT count(*)::int AS n FROM plugin_lark_reply`)
    return { turns, sessions: sessions.map(({ chat }) => chat), replies: replies?.n }
  }

  it('removes the name of who asked with the text, and that of older versions without one', async () => {
    const speakers = () =>
      database.query<{ speaker: string | null }>(
        `SELECT options ->> 'speaker' AS speaker FROM plugin_lark_turn JOIN plugin_lark_session session
           ON session.id = session_id ORDER BY session.chat_id`
      )
    for (const [chatId, days] of [
      ['oc_1', 40],
      ['oc_2', 1]
    ] as const)
      await turn(chatId, days)
    await database.query(`UPDATE plugin_lark_turn SET options = options || '{"speaker": "Mei"}'`)
    await database.query(`UPDATE plugin_lark_turn SET messages = '[]' WHERE ended_at < $1`, [NOW.toISOString()])
    expect(await new HistoryRepository(dataSource).scrubTurns(new Date(NOW.getTime() - 20 * 86_400_000), 10)).toBe(1)
    expect(await speakers()).toEqual([{ speaker: null }, { speaker: 'Mei' }])

    const { conversations, attempts, turns } = parts()
    let id = ''
    const options = { ...newTurn('x').options, speaker: 'Mei' }
    await conversations.open(
      newTurn('om_3', { scopeKey: 'oc_3', chatId: 'oc_3', options }),
      async (_manager, turnId) => {
        id = turnId
      }
    )
    const running = await turns.transaction((manager) => turns.read(manager, id))
    await attempts.end(running!, { outcome: 'answered', reason: 'answered' })
    expect((await speakers()).at(-1)).toEqual({ speaker: null })
  })

  it('forgets how many bots spoke in a chat where none has asked for 30 days', async () => {
    await database.query(
      `INSERT INTO plugin_lark_bot_talk (integration_id, chat_id, xpert_id, turns, counted_at)
       SELECT 'integration', 'oc_' || days, 'xpert', 10, $1::timestamptz - make_interval(days => days) FROM unnest(ARRAY[29, 31]) AS days`,
      [NOW]
    )
    await retention().run()
    expect(await database.query(`SELECT chat_id FROM plugin_lark_bot_talk`)).toEqual([{ chat_id: 'oc_29' }])
  })

  it('forgets texts after 3 days and rows after 30, and neither while a turn or a session is open', async () => {
    await turn('fresh', 2)
    await turn('old', 4, true)
    await turn('ancient', 31, true)
    await turn('goes-on', 31)
    await turn('runs', null)
    await database.query(`UPDATE plugin_lark_reply SET phase = 'streaming' WHERE chat_id = 'runs'`)
    await retention().run()
    expect(await left()).toEqual({
      turns: [
        { chat: 'fresh', asks: true, shows: true },
        { chat: 'old', asks: false, shows: false },
        { chat: 'runs', asks: true, shows: true }
      ],
      sessions: ['fresh', 'goes-on', 'old', 'runs'],
      replies: 3
    })
  })

  it('goes on in the order of the session when its former turns are gone', async () => {
    await turn('goes-on', 31)
    await retention().run()
    await turn('goes-on', null)
    const rows = await database.query<{ state: string; position: number }>(
      'SELECT state, position FROM plugin_lark_turn'
    )
    expect(rows).toEqual([{ state: 'running', position: 1 }])
  })
})
