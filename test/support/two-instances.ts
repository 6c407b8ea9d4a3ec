import { DataSource } from 'typeorm'
import { conversationParts, newTurn } from './conversation-parts'
import { createTestDatabase, TestDatabase } from './database'
import { openPluginTables } from './plugin-tables'

interface TurnRow {
  id: string
  state: string
  sender_id: string
  messages: { messageId: string; text?: string }[]
  anchor_message_id: string
}

/** The parts of two instances over tables of their own, empty and at `now` before each test of the describe it is made in. */
export class TwoInstances {
  database!: TestDatabase
  first!: ReturnType<typeof conversationParts>
  second!: ReturnType<typeof conversationParts>
  private sources: DataSource[] = []

  constructor(now: Date) {
    beforeAll(async () => {
      this.database = await createTestDatabase()
      this.sources = [await openPluginTables(this.database.url), await openPluginTables(this.database.url)]
    })

    beforeEach(async () => {
      await this.database.query(
        `TRUNCATE plugin_lark_session, plugin_lark_turn, plugin_lark_run_event, plugin_lark_bot_talk`
      )
      this.first = conversationParts(this.sources[0]!, now)
      this.second = conversationParts(this.sources[1]!, now)
    })

    afterEach(() => Promise.all([this.first.windows.stop(), this.second.windows.stop()]))

    afterAll(async () => {
      await Promise.all(this.sources.map((source) => source.destroy()))
      await this.database.drop()
    })
  }

  readonly at = (time: Date): void => {
    this.first.clock.at = time
    this.second.clock.at = time
  }

  /** The id of the turn that the message came into. */
  readonly write = async (
    messageId: string,
    senderId: string,
    more: Parameters<typeof newTurn>[1],
    by: ReturnType<typeof conversationParts>
  ): Promise<string> => {
    let joined = ''
    const message = { messageId, senderId, text: `text of ${messageId}` }
    await by.conversations.open(newTurn(messageId, { ...more, message }), async (_manager, turnId) => {
      joined = turnId
    })
    return joined
  }

  readonly rows = () => this.database.query<TurnRow>(`SELECT * FROM plugin_lark_turn ORDER BY position`)
}
