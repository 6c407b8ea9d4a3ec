import type { SimAppPatch, SimConsole, SimUser, Transport } from '../contract'
import { Changes } from './changes'
import { newAppId, newChatId, newDepartmentId, newGroupId, newUnionId, newUserId, openIdFor, randomHex } from './ids'
import type {
  App,
  CardEntity,
  Chat,
  Department,
  Mentioned,
  Message,
  Sender,
  StoredFile,
  Token,
  User,
  UserGroup
} from './model'

/** The scopes of the seed configuration that the product is specified with. */
export const SEED_SCOPES = [
  'im:message.group_at_msg.include_bot:readonly',
  'im:message.group_at_msg:readonly',
  'im:message.p2p_msg:readonly',
  'im:message.reactions:write_only',
  'im:message:send_as_bot'
]

const PUBLISHED: SimConsole = {
  status: 1,
  onlineVersionId: 'oav_1',
  unauditVersionId: '',
  isVisibleToAll: true,
  visibleTo: []
}

export type NewUserGroup = Pick<UserGroup, 'name'> & Partial<UserGroup>

/** One tenant: everything that exists in this Lark. */
export class World {
  readonly tenantKey = randomHex(16)
  readonly changes = new Changes()
  readonly apps = new Map<string, App>()
  readonly users = new Map<string, User>()
  readonly departments = new Map<string, Department>()
  readonly userGroups = new Map<string, UserGroup>()
  readonly chats = new Map<string, Chat>()
  readonly messages = new Map<string, Message>()
  readonly cards = new Map<string, CardEntity>()
  readonly files = new Map<string, StoredFile>()
  readonly tokens = new Map<string, Token>()
  readonly violations: string[] = []
  private readonly byChat = new Map<string, Message[]>()
  private readonly direct = new Map<string, Chat>()
  private readonly byThread = new Map<string, Message[]>()
  private readonly openIds = new Map<string, { appId: string; subject: Mentioned }>()

  createApp(input: SimAppPatch & { transport: Transport }): App {
    const appId = input.appId ?? newAppId()
    if (this.apps.has(appId)) throw new Error(`app ${appId} exists`)
    const app: App = {
      appSecret: randomHex(32),
      name: 'Bot',
      verificationToken: randomHex(32),
      encryptKey: '',
      botOpenId: openIdFor(appId, appId),
      scopes: [...SEED_SCOPES],
      region: 'feishu',
      activateStatus: 2,
      subscribedEvents: ['*'],
      cardFrameType: 'event',
      unavailableUserIds: [],
      contactRange: 'all',
      subscribedCallbacks: ['*'],
      ...input,
      console: { ...PUBLISHED, ...input.console },
      appId
    }
    this.apps.set(appId, app)
    this.indexOpenIds(app)
    return app
  }

  updateApp(appId: string, patch: SimAppPatch): App {
    const app = this.app(appId)
    Object.assign(app, patch, { appId, console: { ...app.console, ...patch.console } })
    this.indexOpenIds(app)
    this.changes.notify()
    return app
  }

  createDepartment({ name, parentId = '0' }: { name: string; parentId?: string }): Department {
    if (parentId !== '0') this.department(parentId)
    const department = { departmentId: newDepartmentId(), name, parentId }
    this.departments.set(department.departmentId, department)
    return department
  }

  createUserGroup({ name, userIds = [], departmentIds = [] }: NewUserGroup): UserGroup {
    for (const id of userIds) this.user(id)
    for (const id of departmentIds) this.department(id)
    const group = { groupId: newGroupId(), name, userIds, departmentIds }
    this.userGroups.set(group.groupId, group)
    return group
  }

  createUser({ name, departmentIds = ['0'] }: { name: string; departmentIds?: string[] }): User {
    for (const id of departmentIds) if (id !== '0') this.department(id)
    const user = { userId: newUserId(), unionId: newUnionId(), name, departmentIds }
    this.users.set(user.userId, user)
    for (const app of this.apps.values()) this.openIdOf(app, { kind: 'user', userId: user.userId })
    return user
  }

  createChat(input: Pick<Chat, 'mode' | 'name' | 'userIds' | 'appIds' | 'namesTopicsByRoot'>): Chat {
    for (const userId of input.userIds) this.user(userId)
    for (const appId of input.appIds) this.app(appId)
    const now = Date.now()
    const chat: Chat = { chatId: newChatId(), ...input, createTime: now, activeTime: now, dissolved: false }
    this.chats.set(chat.chatId, chat)
    this.byChat.set(chat.chatId, [])
    if (chat.mode === 'p2p') this.direct.set(directKey(chat.userIds[0]!, chat.appIds[0]!), chat)
    return chat
  }

  directChat(userId: string, appId: string): Chat | undefined {
    return this.direct.get(directKey(userId, appId))
  }

  createDirectChat(userId: string, appId: string): Chat {
    return (
      this.directChat(userId, appId) ??
      this.createChat({ mode: 'p2p', name: this.user(userId).name, userIds: [userId], appIds: [appId] })
    )
  }

  app(appId: string): App {
    return known(this.apps.get(appId), `app ${appId}`)
  }

  user(userId: string): User {
    return known(this.users.get(userId), `user ${userId}`)
  }

  department(departmentId: string): Department {
    return known(this.departments.get(departmentId), `department ${departmentId}`)
  }

  chat(chatId: string): Chat {
    return known(this.chats.get(chatId), `chat ${chatId}`)
  }

  message(messageId: string): Message {
    return known(this.messages.get(messageId), `message ${messageId}`)
  }

  addMessage(message: Message): void {
    this.messages.set(message.messageId, message)
    if (message.upperMessageId) return
    this.byChat.get(message.chatId)?.push(message)
    this.joinThread(message)
    const chat = this.chats.get(message.chatId)
    if (chat) chat.activeTime = message.createTime
    this.changes.visible({ type: 'message', chatId: message.chatId, messageId: message.messageId })
  }

  joinThread(message: Message): void {
    if (!message.threadId) return
    const thread = this.byThread.get(message.threadId) ?? []
    if (!thread.includes(message)) thread.push(message)
    this.byThread.set(message.threadId, thread)
  }

  messagesOf(chatId: string): Message[] {
    return this.byChat.get(chatId) ?? []
  }

  messagesOfThread(threadId: string): Message[] {
    return this.byThread.get(threadId) ?? []
  }

  nameOf(sender: Sender): string {
    return sender.kind === 'user' ? this.user(sender.userId).name : this.app(sender.appId).name
  }

  /** How the given app sees a person or a bot. */
  openIdOf(viewer: App, subject: Mentioned): string {
    const own = subject.kind === 'app' && subject.appId === viewer.appId
    const openId = own
      ? viewer.botOpenId
      : openIdFor(viewer.appId, subject.kind === 'app' ? subject.appId : subject.userId)
    this.openIds.set(openId, { appId: viewer.appId, subject })
    return openId
  }

  findOpenId(openId: string): { appId: string; subject: Mentioned } | undefined {
    return this.openIds.get(openId)
  }

  userView(user: User): SimUser {
    const openIds = [...this.apps.values()].map((app) => [
      app.appId,
      this.openIdOf(app, { kind: 'user', userId: user.userId })
    ])
    return { ...user, openIds: Object.fromEntries(openIds) as Record<string, string> }
  }

  private indexOpenIds(app: App): void {
    for (const user of this.users.values()) this.openIdOf(app, { kind: 'user', userId: user.userId })
    for (const other of this.apps.values()) {
      this.openIdOf(app, { kind: 'app', appId: other.appId })
      this.openIdOf(other, { kind: 'app', appId: app.appId })
    }
  }
}

const directKey = (userId: string, appId: string): string => `${userId} ${appId}`

function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`${what} does not exist`)
  return value
}
