import { isObject, parseJson, storableText } from '../../shared'
import { MessageEvent } from '../events/message-event'
import { BotIdentity } from '../lark-api'
import { Converter } from './converter'
import { mentionReplacer } from './mentions'
import { convertPost } from './post'
import { convertText } from './text'

export interface ReadableText {
  /** What the person wrote, mentions by name, the bot's own mention removed. */
  text: string
  /** False when the message is not understood: `text` is then a label like `[audio]`. */
  understood: boolean
}

/** A type more is a file and a line more. */
const converters = new Map<string, Converter>([
  ['text', convertText],
  ['post', convertPost]
])

/** What is left where the bot's mention was: blanks at the ends, two in a row. */
const tidy = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trim()

/** Lark's own words only, so that nothing else can enter through the type. */
const labelOf = (messageType: string): string => `[${messageType.replace(/[^a-z_]/gi, '').slice(0, 40) || 'unknown'}]`

/** The message as text for a reader without Lark. Never throws, whatever the content is. */
export const readableText = (event: MessageEvent, bot: BotIdentity | null): ReadableText => {
  const convert = converters.get(event.messageType)
  const content = parseJson(event.content)
  if (!convert || !isObject(content)) return { text: labelOf(event.messageType), understood: false }
  const withMentions = mentionReplacer(event.mentions, bot?.openId)
  return { text: tidy(storableText(convert(content, { withMentions }))), understood: true }
}
