import { UserRepository } from '../src/directory'
import { MessageList } from '../src/views/message-list'
import { SessionList } from '../src/views/session-list'
import { MESSAGES, SESSIONS, TablesAtScale, USERS } from '../test/support/tables-at-scale'
import type { BenchResult, Figure } from './result'

const INTEGRATION = 'big'
const PAGE = { limit: 20, offset: 0 }
const COUNTED_UP_TO = 10_001
const WEEK_MS = 7 * 86_400_000

/** Of a page of twenty: the page, and what a bitmap or a join reads beside it. */
const MOST_ROWS = 100

interface Reading {
  what: string
  table: string
  /** Of the first statement, whatever there is behind the page; a list for a form reads what it offers. */
  isPage: boolean
  read(): Promise<unknown>
}

/** What a tab or a picker reads, over the tables of a large organisation; `test/integration/views-at-scale.spec.ts` asserts it. */
export async function views(): Promise<BenchResult> {
  const tables = await TablesAtScale.create()
  try {
    const figures: Figure[] = []
    for (const reading of readingsOf(tables)) figures.push(...(await measure(tables, reading)))
    return { name: 'views', figures }
  } finally {
    await tables.end()
  }
}

function readingsOf({ dataSource }: TablesAtScale): Reading[] {
  const messages = new MessageList(dataSource)
  const sessions = new SessionList(dataSource)
  const users = new UserRepository(dataSource)
  const week = {
    from: new Date(Date.now() - WEEK_MS),
    until: new Date(Date.now() + WEEK_MS),
    states: [],
    reasons: [],
    ids: []
  }
  return [
    {
      what: `Messages, ${MESSAGES} rows`,
      table: 'plugin_lark_inbound_event',
      isPage: true,
      read: async () => {
        await messages.page(INTEGRATION, { withPayload: false, ascending: false, ...PAGE, ...week })
        await messages.count(INTEGRATION, week, COUNTED_UP_TO)
      }
    },
    {
      what: `Sessions, ${SESSIONS} rows`,
      table: 'plugin_lark_session',
      isPage: true,
      read: async () => {
        await sessions.page(INTEGRATION, { words: [], ...PAGE })
        await sessions.count(INTEGRATION, { words: [], ...PAGE }, COUNTED_UP_TO)
      }
    },
    {
      what: `Users, ${USERS} rows`,
      table: 'plugin_lark_user',
      isPage: true,
      read: async () => {
        await users.page(INTEGRATION, PAGE)
        await users.count(INTEGRATION, undefined, COUNTED_UP_TO)
      }
    },
    {
      what: 'Picker of 5,000 people',
      table: 'plugin_lark_user',
      isPage: false,
      read: () => users.forPicker(INTEGRATION, 5_000)
    }
  ]
}

async function measure(tables: TablesAtScale, { what, table, isPage, read }: Reading): Promise<Figure[]> {
  await read()
  tables.forget()
  const began = performance.now()
  await read()
  const ms = performance.now() - began
  const [first] = tables.statements
  const figures: Figure[] = [
    { what: `${what}: statements`, value: tables.statements.length, unit: '', goal: { atMost: 4 } },
    { what: `${what}: time`, value: ms, unit: 'ms' }
  ]
  if (isPage) {
    const rows = await tables.rowsRead(first!, table)
    figures.push({ what: `${what}: rows read for a page`, value: rows, unit: '', goal: { atMost: MOST_ROWS } })
  }
  return figures
}
