import { JsonObject } from '../../shared'

export type ResourceKind = 'image' | 'file' | 'audio' | 'video'

/** Something that a message carries and that is read through the message (lark-platform §5.2). */
export interface MessageResource {
  kind: ResourceKind
  /** `image_key` or `file_key`. */
  key: string
  /** As the sender called it; images have none. */
  name?: string
}

export interface ContentContext {
  /** Replaces the placeholders in a text by names, and removes the bot's own. */
  withMentions(text: string): string
  /** Notes what the message carries and answers its label, by which the text speaks of it. */
  attach(resource: MessageResource): string
}

/** The content of one message type as Markdown. May assume nothing about the content: it is what somebody sent. */
export type Converter = (content: JsonObject, context: ContentContext) => string
