import { JsonObject, textOf } from '../../shared'
import { dataOf, itemsOf } from '../answer'
import { LarkCaller } from '../lark-caller'

/** What an app without a scope for fields sees is missing here too. */
export interface ListedUser {
  openId: string
  unionId?: string
  name?: string
}

export interface ListedChat {
  chatId: string
  name?: string
}

export interface ListPage<Item> {
  items: Item[]
  /** Token of the page after this one; undefined at the end. */
  next?: string
}

/** Where a walk of the contacts begins: departments (with all below them) and people, as the admin of Lark chose them. */
export interface ContactRange {
  departmentIds: string[]
  userIds: string[]
  next?: string
}

/** As large as Lark lets them be (lark-platform §7): a small page costs a call of the same budget. */
const CONTACT_PAGE = 50
const RANGE_PAGE = 100
const CHAT_PAGE = 100

const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value : []).flatMap((one) => textOf(one) ?? [])

/** A last page may carry a token too: `has_more` decides. */
const nextOf = (data: JsonObject): { next?: string } => {
  const next = data['has_more'] === true ? textOf(data['page_token']) : undefined
  return next === undefined ? {} : { next }
}

const pageOf = <Item>(answer: unknown, toItem: (raw: JsonObject) => Item | undefined): ListPage<Item> => ({
  items: itemsOf(answer).flatMap((raw) => toItem(raw) ?? []),
  ...nextOf(dataOf(answer))
})

const toUser = (raw: JsonObject): ListedUser | undefined => {
  const openId = textOf(raw['open_id'])
  return openId === undefined ? undefined : { openId, unionId: textOf(raw['union_id']), name: textOf(raw['name']) }
}

const toChat = (raw: JsonObject): ListedChat | undefined => {
  const chatId = textOf(raw['chat_id'])
  return chatId === undefined ? undefined : { chatId, name: textOf(raw['name']) }
}

/**
 * Lark's lists of people, departments and groups, one page a call, as one app. People and departments need
 * `contact:contact.base:readonly`, groups `im:chat:readonly` or a wider one. Every method throws `LarkApiError`.
 */
export class DirectoryApi {
  constructor(private readonly caller: LarkCaller) {}

  /** Without "everybody" in the app's data range the root department itself is refused: this says where to begin. */
  async range(pageToken?: string): Promise<ContactRange> {
    const answer = await this.caller.call('contact.scope.list', {}, ({ sdk }) =>
      sdk.contact.v3.scope.list({
        params: {
          user_id_type: 'open_id',
          department_id_type: 'open_department_id',
          page_size: RANGE_PAGE,
          page_token: pageToken
        }
      })
    )
    const data = dataOf(answer)
    return { departmentIds: textsOf(data['department_ids']), userIds: textsOf(data['user_ids']), ...nextOf(data) }
  }

  /** Direct members only. */
  async members(departmentId: string, pageToken?: string): Promise<ListPage<ListedUser>> {
    const answer = await this.caller.call('contact.user.findByDepartment', {}, ({ sdk }) =>
      sdk.contact.v3.user.findByDepartment({
        params: {
          user_id_type: 'open_id',
          department_id_type: 'open_department_id',
          department_id: departmentId,
          page_size: CONTACT_PAGE,
          page_token: pageToken
        }
      })
    )
    return pageOf(answer, toUser)
  }

  /** Departments directly below, by id: Lark refuses to go down by itself in large ones (43010). */
  async children(departmentId: string, pageToken?: string): Promise<ListPage<string>> {
    const answer = await this.caller.call('contact.department.children', {}, ({ sdk }) =>
      sdk.contact.v3.department.children({
        path: { department_id: departmentId },
        params: { department_id_type: 'open_department_id', page_size: CONTACT_PAGE, page_token: pageToken }
      })
    )
    return pageOf(answer, (raw) => textOf(raw['open_department_id']))
  }

  /** At most `MOST_IDS`; whom the app may not see is missing. */
  users(openIds: readonly string[]): Promise<ListedUser[]> {
    return readUsers(this.caller, openIds)
  }

  /** A group that the bot is in. */
  async chat(chatId: string): Promise<Pick<ListedChat, 'name'>> {
    const answer = await this.caller.call('im.chat.get', {}, ({ sdk }) =>
      sdk.im.v1.chat.get({ path: { chat_id: chatId } })
    )
    return { name: textOf(dataOf(answer)['name']) }
  }

  /** The groups that the bot is in, in an order that does not change between two pages; direct chats are never listed. */
  async chats(pageToken?: string): Promise<ListPage<ListedChat>> {
    const answer = await this.caller.call('im.chat.list', {}, ({ sdk }) =>
      sdk.im.v1.chat.list({ params: { sort_type: 'ByCreateTimeAsc', page_size: CHAT_PAGE, page_token: pageToken } })
    )
    return pageOf(answer, toChat)
  }
}

/** At most `MOST_IDS`; whom the app may not see is missing. */
export const readUsers = async (caller: LarkCaller, openIds: readonly string[]): Promise<ListedUser[]> => {
  // Lark wants the key repeated; the HTTP client would write `user_ids[]`.
  const query = new URLSearchParams(openIds.map((id): [string, string] => ['user_ids', id]))
  query.set('user_id_type', 'open_id')
  const answer = await caller.call('contact.user.batch', {}, ({ sdk }) =>
    sdk.request<unknown>({ method: 'GET', url: `/open-apis/contact/v3/users/batch?${query.toString()}` })
  )
  return pageOf(answer, toUser).items
}

/** Of `contact.user.batch`. */
export const MOST_IDS = CONTACT_PAGE
