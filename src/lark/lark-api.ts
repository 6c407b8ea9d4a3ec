import { LarkApp } from './lark-app'
import { CallUrgency } from './rate-governor'

export type CardJson = Record<string, unknown>

/** One operation on a card entity; the numbers of all of them must increase. */
export interface CardChange {
  cardId: string
  sequence: number
}

/** The calls through which an answer grows. */
export type FrameApi = 'cardkit.cardElement.content' | 'im.message.patch'

export interface SentMessage {
  messageId: string
  chatId: string
  threadId?: string
}

/** `post` and `interactive` content is the object; it is serialised here. */
export interface OutgoingMessage {
  msgType: 'text' | 'post' | 'interactive' | 'image' | 'file'
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
  /** `chatId`: the chat of the message replied to, whose rate limit counts. */
  replyMessage(
    input: OutgoingMessage & { messageId: string; chatId?: string; replyInThread?: boolean }
  ): Promise<SentMessage>
  patchCard(input: { messageId: string; card: CardJson }): Promise<void>
  /** A message of the bot itself. */
  recallMessage(input: { messageId: string }): Promise<void>
  /** A card entity (scope `cardkit:card:write`); it can be sent once. */
  createCard(input: { card: CardJson }): Promise<{ cardId: string }>
  /** The whole card anew; whether it streams is part of it. */
  updateCard(input: CardChange & { card: CardJson }): Promise<void>
  /** The whole text of one element, 1 to 100,000 characters; only while the card streams. */
  setCardText(input: CardChange & { elementId: string; text: string }): Promise<void>
  setCardConfig(input: CardChange & { config: CardJson }): Promise<void>
  addReaction(input: { messageId: string; emoji: string }): Promise<{ reactionId: string }>
  removeReaction(input: { messageId: string; reactionId: string }): Promise<void>
  getBot(): Promise<BotIdentity>
}

/** One `LarkApi` per app, with its own token cache: the SDK shares one by app id over all clients and clouds. */
export abstract class LarkApis {
  /**
   * Calls wait for their turn in the app's budget; `frame` calls let all others pass.
   * @param mayCall asked when a call's turn has come: what it throws is thrown, and the call is not made
   */
  abstract for(app: LarkApp, urgency?: CallUrgency, mayCall?: () => Promise<void>): LarkApi
  /** The bot's identity, cached per app; null when Lark can not be asked just now. */
  abstract botOf(app: LarkApp): Promise<BotIdentity | null>
  /**
   * The granted scopes, cached per app; null when Lark can not be asked just now.
   * @param youngerThanMs asked anew where they were asked longer ago
   */
  abstract scopesOf(app: LarkApp, youngerThanMs?: number): Promise<ReadonlySet<string> | null>
  /** Milliseconds after which one more answer may show a frame; infinite while the app's quota is used up. */
  abstract frameDelayMs(app: LarkApp, api: FrameApi): number
}
