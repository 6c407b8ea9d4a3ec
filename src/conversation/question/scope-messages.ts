import { MessageEvent } from '../../lark'

export interface HistoryScope {
  integrationId: string
  chatId: string
  threadId: string | null
  /** Only the chain of replies that begins with this message, where each has its own conversation; null for the whole place. */
  rootId: string | null
  /** Only this person's messages, where each has a session of their own; null for everybody's. */
  senderId: string | null
  /** The turn's own messages: it is about what came before the first of them. */
  before: readonly string[]
  /** When somebody last began anew; null for never. */
  since: Date | null
  /** The messages of a turn with which the expert was told what came before the first of them; empty for none. */
  after: readonly string[]
}

/** A message that was received, and the turn that asked it, if any. */
export interface KnownMessage {
  event: MessageEvent
  turnId: string | null
}

/** What the plugin itself still knows of people's messages. */
export abstract class ScopeMessages {
  /** The latest messages of a scope, oldest first, no further back than where somebody began anew. */
  abstract recent(scope: HistoryScope, limit: number): Promise<KnownMessage[]>
  /** Null when it was never received, or is forgotten. */
  abstract find(integrationId: string, messageId: string): Promise<MessageEvent | null>
}
