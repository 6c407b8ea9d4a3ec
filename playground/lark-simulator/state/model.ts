import type { SimApp, SimUserGroup } from '../contract'

/** What the simulator keeps. `content` of a message is the form that receivers get: no locale wrapper, `@_user_N`. */

export type Sender = { kind: 'user'; userId: string } | { kind: 'app'; appId: string }

export type App = SimApp

export interface User {
  userId: string
  unionId: string
  name: string
  /** Of the departments that list this person directly; '0' is the root. */
  departmentIds: string[]
}

/** Known by its `open_department_id`. */
export interface Department {
  departmentId: string
  name: string
  /** '0' is the root, which is no entry of its own. */
  parentId: string
}

export type UserGroup = SimUserGroup

export interface Chat {
  chatId: string
  mode: 'p2p' | 'group' | 'topic'
  /** A topic group whose replies name their topic only by its first message. */
  namesTopicsByRoot?: boolean
  name: string
  userIds: string[]
  appIds: string[]
  createTime: number
  activeTime: number
  dissolved: boolean
}

export type Mentioned = { kind: 'user'; userId: string } | { kind: 'app'; appId: string }

export interface Mention {
  /** '@_user_1', ... */
  key: string
  target: Mentioned
  name: string
}

export interface Reaction {
  reactionId: string
  emoji: string
  by: Sender
  actionTime: number
}

export interface Message {
  messageId: string
  chatId: string
  sender: Sender
  msgType: string
  content: Record<string, unknown>
  mentions: Mention[]
  /** Card JSON as sent or last patched. */
  card?: Record<string, unknown>
  /** Set when the card is an entity: the entity then holds the JSON. */
  cardId?: string
  parentId?: string
  rootId?: string
  threadId?: string
  upperMessageId?: string
  childIds?: string[]
  createTime: number
  updateTime: number
  recalled: boolean
  editCount: number
  reactions: Reaction[]
  readBy: { userId: string; at: number }[]
}

export interface StoredFile {
  key: string
  name: string
  bytes: Buffer
  kind: 'image' | 'file'
  /** `file_type` of the upload: which messages may carry it. */
  fileType?: string
  /** undefined: uploaded by a person. */
  appId?: string
}

export interface CardEntity {
  cardId: string
  appId: string
  card: Record<string, unknown>
  createdAt: number
  sequence: number
  uuids: Set<string>
  /** When streaming was last switched on. */
  streamingSince?: number
  /** The ten minutes passed and no call was told yet (200850), then 300309. */
  timedOut: boolean
  messageId?: string
  /** Callbacks of this card that are not answered yet; meanwhile it can not be updated (200810). */
  interactions: number
}

export interface Token {
  token: string
  appId: string
  expiresAt: number
}
