import { DataSource } from 'typeorm'
import { RunningTurn } from '../../src/conversation/turn-row'
import { conversationParts, newTurn } from './conversation-parts'
import { createTestDatabase, TestDatabase } from './database'
import { openPluginTables } from './plugin-tables'

/** The parts of a conversation at `now` over tables of their own, which are empty before each test of the describe it is called in. */
export class TurnTables {
  database!: TestDatabase
  dataSource!: DataSource
  parts!: ReturnType<typeof conversationParts>

  constructor(now: Date) {
    beforeAll(async () => {
      this.database = await createTestDatabase()
      this.dataSource = await openPluginTables(this.database.url)
    })

    beforeEach(async () => {
      await this.database.query(
        `TRUNCATE plugin_lark_session, plugin_lark_turn, plugin_lark_run_event, plugin_lark_bot_talk`
      )
      this.parts = conversationParts(this.dataSource, now)
    })

    afterEach(() => this.parts.windows.stop())

    afterAll(async () => {
      await this.dataSource.destroy()
      await this.database.drop()
    })
  }

  /** The id of the turn that the message came into. */
  readonly open = async (messageId: string, more: Parameters<typeof newTurn>[1] = {}): Promise<string> => {
    let id = ''
    await this.parts.conversations.open(newTurn(messageId, more), async (_manager, turnId) => {
      id = turnId
    })
    return id
  }

  readonly rows = () => this.database.query(`SELECT * FROM plugin_lark_turn ORDER BY position`)

  readonly running = async (turnId: string): Promise<RunningTurn> => {
    const [row] = await this.database.query<{ attempt: string }>(`SELECT attempt FROM plugin_lark_turn WHERE id = $1`, [
      turnId
    ])
    return (await this.parts.turns.findRunning(turnId, row!.attempt))!
  }
}
