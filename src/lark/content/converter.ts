import { JsonObject } from '../../shared'

export interface ContentContext {
  /** Replaces the placeholders in a text by names, and removes the bot's own. */
  withMentions(text: string): string
}

/** The content of one message type as text. May assume nothing about the content: it is what somebody sent. */
export type Converter = (content: JsonObject, context: ContentContext) => string
