import { LarkApp } from './lark-app'

export interface SentMessage {
  messageId: string
  chatId: string
  threadId?: string
}

/** `post` and `interactive` content is the object; it is serialised here. */
export interface OutgoingMessage {
  msgType: 'text' | 'post' | 'interactive'
  content: Record<string, unknown>
  /** Lark answers a repeated uuid (at most 50 characters) with the first message for one hour. */
  uuid: string
}

export interface BotIdentity {
  openId: string
  name: string
  /** 2 is "enabled" (`bot/v3/info`). */
  activateStatus: number
}

/**
 * The calls that this plugin makes to Lark, as one app. Every method throws `LarkApiError`: also for HTTP 200 with a
 * code, for a time-out and for a network fault.
 */
export interface LarkApi {
  sendMessage(
    input: OutgoingMessage & { receiveIdType: 'chat_id' | 'open_id'; receiveId: string }
  ): Promise<SentMessage>
  replyMessage(input: OutgoingMessage & { messageId: string; replyInThread?: boolean }): Promise<SentMessage>
  patchCard(input: { messageId: string; card: Record<string, unknown> }): Promise<void>
  addReaction(input: { messageId: string; emoji: string }): Promise<{ reactionId: string }>
  removeReaction(input: { messageId: string; reactionId: string }): Promise<void>
  getBot(): Promise<BotIdentity>
  /** How many long connections of the app Lark counts, this host's own included (lark-platform 2.1). */
  countConnections(): Promise<number>
  /** Asks for a token past every cache; throws when Lark does not accept the credentials. */
  checkCredentials(): Promise<void>
}

/** One `LarkApi` per app, with its own token cache: the SDK shares one by app id over all clients and clouds. */
export abstract class LarkApis {
  abstract for(app: LarkApp): LarkApi
  /** The bot's identity, cached per app; null when Lark can not be asked just now. */
  abstract botOf(app: LarkApp): Promise<BotIdentity | null>
}
