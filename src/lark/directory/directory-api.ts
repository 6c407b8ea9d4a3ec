import { JsonObject, objectsOf, textOf } from '../../shared'
import { dataOf, itemsOf } from '../answer'
import { LarkApiError } from '../lark-api-error'
import { LarkCaller } from '../lark-caller'
import { LARK_CODES } from '../lark-error-codes'

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

/**
 * Where a walk of the contacts begins: departments (with all below them), people and user groups, as the admin of Lark chose
 * them. With everybody chosen, every user group there is.
 */
export interface ContactRange {
  departmentIds: string[]
  userIds: string[]
  groupIds: string[]
  next?: string
}

/** As large as Lark lets them be (lark-platform §7): a small page costs a call of the same budget. */
const CONTACT_PAGE = 50
const RANGE_PAGE = 100
const GROUP_PAGE = 100
/** Of a range, where somebody waits for the answer. */
const RANGE_PAGES = 10
const CHAT_PAGE = 100

/** The department above all others. */
export const ROOT_DEPARTMENT = '0'

export type GroupMemberKind = 'user' | 'department'

const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value : []).flatMap((one) => textOf(one) ?? [])

/** A last page may carry a token too: `has_more` decides. */
const nextOf = (data: JsonObject): { next?: string } => {
  const next = data['has_more'] === true ? textOf(data['page_token']) : undefined
  return next === undefined ? {} : { next }
}

/** Lark did not fail, and it is not for want of a scope: this one thing is not for the app. */
const isClosed = (error: unknown): boolean =>
  error instanceof LarkApiError &&
  (error.code === 'forbidden' || error.code === 'invalid_request') &&
  error.larkCode !== LARK_CODES.scopeMissing

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
 * Lark's lists of people, departments, user groups and groups, one page a call, as one app. People and departments need
 * `contact:contact.base:readonly`, members of user groups `contact:group:readonly`, groups `im:chat:readonly` or a wider one.
 * Every method throws `LarkApiError`.
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
    return {
      departmentIds: textsOf(data['department_ids']),
      userIds: textsOf(data['user_ids']),
      groupIds: textsOf(data['group_ids']),
      ...nextOf(data)
    }
  }

  /** Lark shows the people of the root to such an app only (lark-platform §5.5). */
  async readsEverybody(): Promise<boolean> {
    try {
      await this.members(ROOT_DEPARTMENT)
      return true
    } catch (error) {
      if (isClosed(error)) return false
      throw error
    }
  }

  /** Whether there is somebody whom the app may read only as a member of a user group. Looks at the first of a long range. */
  async isByUserGroups(): Promise<boolean> {
    if (await this.readsEverybody()) return false
    let page = await this.range()
    // Lark names people and departments first.
    for (let pages = 1; page.groupIds.length === 0 && page.next !== undefined && pages < RANGE_PAGES; pages += 1)
      page = await this.range(page.next)
    return page.groupIds.length > 0
  }

  /** Direct members of one kind, by id. */
  async groupMembers(groupId: string, kind: GroupMemberKind, pageToken?: string): Promise<ListPage<string>> {
    const answer = await this.caller.call('contact.group.member.simplelist', {}, ({ sdk }) =>
      sdk.contact.v3.groupMember.simplelist({
        path: { group_id: groupId },
        // `open_id` of a department is its open_department_id.
        params: { member_type: kind, member_id_type: 'open_id', page_size: GROUP_PAGE, page_token: pageToken }
      })
    )
    const data = dataOf(answer)
    return { items: objectsOf(data['memberlist']).flatMap((raw) => textOf(raw['member_id']) ?? []), ...nextOf(data) }
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
