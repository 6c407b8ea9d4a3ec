/** The shapes that the control API and its client share. Times are epoch milliseconds of the simulator's clock. */

export type Transport = 'webhook' | 'long_connection'

export interface SimApp {
  appId: string
  appSecret: string
  name: string
  transport: Transport
  verificationToken: string
  /** Empty: events are pushed unencrypted and unsigned. */
  encryptKey: string
  botOpenId: string
  webhookUrl?: string
  /** Where card callbacks go; left out = webhookUrl, '' = none (200340 for the person who presses). */
  cardCallbackUrl?: string
  scopes: string[]
  region: 'feishu' | 'lark'
  activateStatus: number
  /** Event types the app subscribed to; '*' = all. */
  subscribedEvents: string[]
  /** Frame type of card callbacks on the long connection; 'card' is what SDK clients drop (200340). */
  cardFrameType: 'event' | 'card'
  /** People outside the app's availability (230013; missing in contacts). */
  unavailableUserIds: string[]
  /**
   * What the admin lets the app read of the contacts: everybody, or these departments with all below them, these people and
   * the members of these user groups.
   */
  contactRange: 'all' | { departmentIds: string[]; userIds: string[]; groupIds?: string[] }
  /** Callback types the app subscribed to; '*' = all. Without `card.action.trigger` a press gives 200340. */
  subscribedCallbacks: string[]
  /** What the console says of the app: read with `application:application:self_manage`. */
  console: SimConsole
}

/** What a test says of an app; the rest has defaults, or stays. */
export type SimAppPatch = Partial<Omit<SimApp, 'console'>> & { console?: Partial<SimConsole> }

export interface SimConsole {
  /** 0 disabled, 1 enabled, 2 not enabled, 3 unknown. */
  status: number
  /** Empty: no version was ever published. */
  onlineVersionId: string
  /** A version that waits for its approval. */
  unauditVersionId: string
  isVisibleToAll: boolean
  /** Open ids, department ids: who sees the app when it is not visible to all. */
  visibleTo: string[]
}

export interface SimUser {
  userId: string
  unionId: string
  name: string
  /** By app id. */
  openIds: Record<string, string>
}

/** '0' as `parentId` is the root. */
export interface SimDepartment {
  departmentId: string
  name: string
  parentId: string
}

/** People and departments that an admin put together; no chat. */
export interface SimUserGroup {
  groupId: string
  name: string
  userIds: string[]
  departmentIds: string[]
}

export interface SimChat {
  chatId: string
  mode: 'p2p' | 'group' | 'topic'
  name: string
  userIds: string[]
  appIds: string[]
}

/** What a person sees. text = visible text; a card: all visible texts but its buttons', joined by newlines, markdown kept. */
export interface SeenMessage {
  messageId: string
  chatId: string
  /** Display name. */
  from: string
  fromBot: boolean
  appId?: string
  userId?: string
  type: string
  text: string
  card?: SeenCard
  /** Left out when there are none. The bytes: `GET /_control/files/:key`. */
  files?: SeenFile[]
  replyTo?: string
  rootId?: string
  threadId?: string
  reactions: { emoji: string; by: string }[]
  recalled: boolean
  createTime: number
  updateTime: number
  editCount: number
}

export interface SeenFile {
  key: string
  name: string
  kind: 'image' | 'file'
  /** Bytes. */
  size: number
}

export interface SeenButton {
  text: string
  name?: string
  elementId?: string
  value?: unknown
  disabled?: boolean
}

export interface SeenCard {
  title?: string
  markdown: string[]
  buttons: SeenButton[]
  streaming: boolean
  summary?: string
  raw: unknown
}

export interface SimCall {
  at: number
  endedAt?: number
  method: string
  /** Without query. */
  path: string
  /** For example 'im.message.reply'. */
  api: string
  appId?: string
  /** 0 when the answer was dropped. */
  status: number
  code: number
  body?: unknown
  query: Record<string, string>
}

export interface SimDelivery {
  appId: string
  transport: Transport
  eventId: string
  eventType: string
  messageId?: string
  attempt: number
  at: number
  endedAt?: number
  /** HTTP status or code of the acknowledgement frame. */
  status?: number
  ok: boolean
  connectionId?: string
  error?: string
  responseBody?: unknown
}

export interface ApiFault {
  on: 'api'
  api?: string
  appId?: string
  times?: number
  delayMs?: number
  /** 'after' = do the work, then drop the answer. */
  drop?: 'before' | 'after'
  status?: number
  code?: number
  msg?: string
  /** HTTP 200 with this code. */
  okWithCode?: number
  rateLimited?: boolean
  /** Do the work, answer `data: null`. */
  nullData?: boolean
  /** How a file's bytes come. */
  body?: FileFault
}

/** Of a download. */
export interface FileFault {
  /** So many bytes come, then the connection breaks. */
  cutAfter?: number
  /** So many bytes come, then nothing more, and the connection stays. */
  stallAfter?: number
  /** No Content-Length. */
  lengthless?: boolean
}

export interface DeliveryFault {
  on: 'delivery'
  appId?: string
  eventType?: string
  times?: number
  delayMs?: number
  /** That many further copies, sent together with the first. */
  duplicate?: number
  dropAck?: boolean
  /** Hold this one until the next was sent, which is not held itself. */
  reorder?: boolean
  fragments?: number
  shuffleFragments?: boolean
}

export interface EndpointFault {
  on: 'endpoint'
  appId?: string
  times?: number
  code?: number
  status?: number
  nullData?: boolean
  delayMs?: number
}

export interface HandshakeFault {
  on: 'handshake'
  appId?: string
  times?: number
  status?: 403 | 514
  never?: boolean
}

export interface PongFault {
  on: 'pong'
  appId?: string
  times?: number
  withoutConfig?: boolean
  never?: boolean
}

/** Matches calls ('api'), pushes ('delivery') or sockets; used `times` (default 1, -1 = always), then it is gone. */
export type Fault = ApiFault | DeliveryFault | EndpointFault | HandshakeFault | PongFault

export interface SimConnection {
  connectionId: string
  appId: string
  openedAt: number
  lastPingAt?: number
  halfOpen: boolean
}

/** One connection from its opening to its end; without an end it is open. */
export interface ConnectionSpan {
  connectionId: string
  appId: string
  openedAt: number
  closedAt?: number
}

export interface ClockState {
  now: number
  rate: number
}

export interface ClockChange {
  now?: number
  advanceMs?: number
  rate?: number
}

export interface SayInput {
  userId: string
  chatId?: string
  /** Direct chat with this app's bot, instead of chatId. */
  appId?: string
  /** '@Name' mentions a bot or person of the chat, '@all' everybody. */
  text?: string
  msgType?: string
  content?: unknown
  replyTo?: string
  threadId?: string
  newTopic?: boolean
}

export interface MessageMatch {
  fromBot?: boolean
  textIncludes?: string
  replyTo?: string
  /** The card no longer streams. */
  final?: boolean
}

export interface PressInput {
  userId: string
  messageId: string
  /** Visible text, name or element id. */
  button: string
  formValue?: Record<string, unknown>
}

export interface PressResult {
  toast?: { type: string; content: string }
  /** What Lark's client shows: 200340 no callback URL, 200341 too slow, 200671 not HTTP 200, 200672 body, 200673 card. */
  errorCode?: number
  cardUpdated: boolean
}

export interface RedeliverInput {
  messageId: string
  appId: string
  transport?: Transport
  times?: number
  together?: boolean
  newEventId?: boolean
}

export interface PushInput {
  appId: string
  eventType: string
  event: unknown
  schema?: '1.0' | '2.0'
}

export interface WebhookCheck {
  ok: boolean
  status: number
  body: unknown
  ms: number
}
