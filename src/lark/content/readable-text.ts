import { BotIdentity } from '../lark-api'
import { MessageEvent } from '../events/message-event'

export interface ReadableText {
  /** What the person wrote, mentions by name, the bot's own mention removed. */
  text: string
  /** False when the type of the message is not understood: `text` is then a label like `[audio]`. */
  understood: boolean
}

/** The message as text for a reader without Lark. Never throws, whatever the content is. */
export const readableText = (event: MessageEvent, _bot: BotIdentity | null): ReadableText => ({
  text: `[${event.messageType}]`,
  understood: false
})
