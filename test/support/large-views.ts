import { DataSource } from 'typeorm'
import { UserRepository } from '../../src/directory'
import { ChatRepository } from '../../src/directory/chat.repository'
import { MessageList, MessageQuery } from '../../src/views/message-list'
import { SessionList, SessionQuery } from '../../src/views/session-list'
import { LARGE } from './large-tables'

/** What one look at a tab or a list of a form may cost, however much there is. */
export const STATEMENTS_AT_MOST = 4
/** What the page itself may read of its table. */
export const ROWS_AT_MOST = 99

/** Lists are counted up to this. */
const LIMIT = 10_001
const PAGE = { limit: 20, offset: 0 }
const DAY_MS = 86_400_000

export interface LargeView {
  tab: 'Users' | 'Sessions' | 'Messages' | 'Form'
  what: string
  read(dataSource: DataSource): Promise<object>
  /** What has to be among what was read. */
  shown: object
  /** A first page: it reads little more of this table than it shows. */
  pageOf?: string
}

type Search<Query> = readonly [what: string, query: Query, total: number, first: string, pageOf?: string]
type UserQuery = { sortBy?: 'name'; ascending?: boolean; search?: string; offset?: number }

const USERS: readonly Search<UserQuery>[] = [
  ['the first page', {}, LIMIT, 'ou_1', 'plugin_lark_user'],
  ['by name', { sortBy: 'name', ascending: true }, LIMIT, 'ou_1'],
  ['a part of a name', { search: 'member 1999' }, 11, 'ou_1999'],
  ['an id', { search: 'ou_17' }, 1, 'ou_17'],
  ['the last page', { offset: 19_980 }, LIMIT, 'ou_19981']
]

const SESSIONS: readonly Search<Partial<SessionQuery>>[] = [
  ['the first page', {}, LARGE.sessions, 'Member 1', 'plugin_lark_session'],
  ['open ones', { isClosed: false }, LARGE.sessions / 10, 'Member 10'],
  ['an id of a sender', { words: ['ou_77'] }, 1, 'Member 77'],
  ['the name of a group and a person', { words: ['Group 25', 'ou_100'] }, 1, 'Member 100'],
  ['a deep page', { offset: 9_000, ascending: true }, LARGE.sessions, 'Member 1000']
]

const MESSAGES: readonly Search<Partial<MessageQuery>>[] = [
  ['the last seven days, counted up to 10,001', {}, LIMIT, 'om_1', 'plugin_lark_inbound_event'],
  ['failed ones', { states: ['failed'] }, 100, 'om_1000'],
  ['one reason, the newest of too many to count', { reasons: ['not_mentioned'] }, LIMIT, 'om_3'],
  ['a message id', { ids: ['om_99999'] }, 1, 'om_99999'],
  ['a chat', { ids: ['oc_17'] }, 40, 'om_17'],
  ['a part of the name of a sender', { names: ['member 1999'] }, 55, 'om_1999'],
  ['the name of a chat', { names: ['Group 250'] }, 40, 'om_250'],
  ['a deep page', { offset: 90_000 }, LIMIT, 'om_90001']
]

const readUsers = async (dataSource: DataSource, more: UserQuery): Promise<object> => {
  const repository = new UserRepository(dataSource)
  const [first] = await repository.page('big', { ...PAGE, ...more })
  return { first, total: await repository.count('big', more.search, LIMIT) }
}

const readSessions = async (dataSource: DataSource, more: Partial<SessionQuery>): Promise<object> => {
  const list = new SessionList(dataSource)
  const query = { words: [], ...PAGE, ...more }
  const [first] = await list.page('big', query)
  return { first, total: await list.count('big', query, LIMIT) }
}

export const readMessages = async (dataSource: DataSource, more: Partial<MessageQuery>) => {
  const list = new MessageList(dataSource)
  const [from, until] = [new Date(Date.now() - 7 * DAY_MS), new Date(Date.now() + DAY_MS)]
  const search = { from, until, states: [], reasons: [], ids: [], names: [], ...more }
  const page = await list.page('big', { withPayload: false, ascending: false, ...PAGE, ...search })
  return { page, first: page[0], total: await list.count('big', search, LIMIT) }
}

const entries = async (rows: Promise<unknown[]>): Promise<object> => ({ entries: (await rows).length })

export const LARGE_VIEWS: readonly LargeView[] = [
  ...USERS.map(([what, query, total, openId, pageOf]): LargeView => {
    const shown = { total, first: { openId } }
    return { tab: 'Users', what, read: (dataSource) => readUsers(dataSource, query), shown, pageOf }
  }),
  ...SESSIONS.map(([what, query, total, senderName, pageOf]): LargeView => {
    const shown = { total, first: { senderName } }
    return { tab: 'Sessions', what, read: (dataSource) => readSessions(dataSource, query), shown, pageOf }
  }),
  ...MESSAGES.map(([what, query, total, messageId, pageOf]): LargeView => {
    const shown = { total, first: { messageId } }
    return { tab: 'Messages', what, read: (dataSource) => readMessages(dataSource, query), shown, pageOf }
  }),
  {
    tab: 'Messages',
    what: 'what waits and what failed',
    read: (dataSource) => new MessageList(dataSource).counts('big', LIMIT),
    shown: { waiting: 0, failed: 100 }
  },
  {
    tab: 'Form',
    what: '5,000 people',
    read: (dataSource) => entries(new UserRepository(dataSource).forPicker('big', 5_000)),
    shown: { entries: 5_000 }
  },
  {
    tab: 'Form',
    what: 'all groups',
    read: (dataSource) => entries(new ChatRepository(dataSource).forPicker('big', 5_000)),
    shown: { entries: LARGE.sessions / 4 }
  }
]
