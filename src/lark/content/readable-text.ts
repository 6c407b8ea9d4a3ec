import { isObject, objectOf, parseJson, storableText, textLines } from '../../shared'
import { Mention, MessageEvent } from '../events/message-event'
import { BotIdentity } from '../lark-api'
import { ResourceList } from './attachments'
import { convertCard, isSentCard } from './card'
import { Converter, MessageResource } from './converter'
import { convertAudio, convertFile, convertFolder, convertImage, convertSticker, convertVideo } from './media'
import { mentionReplacer } from './mentions'
import { convertPost } from './post'
import {
  convertCalendar,
  convertLocation,
  convertRedPacket,
  convertSharedChat,
  convertSharedUser,
  convertSystem,
  convertVideoChat,
  convertVote
} from './shared-things'
import { convertText } from './text'
import { convertTodo } from './todo'
import { convertUnknown } from './unknown'

export interface ReadableText {
  /** What the person sent, as Markdown: mentions by name, the bot's own mention removed. Empty when nothing was said. */
  text: string
  resources: MessageResource[]
  /** The content is only a stand-in: Lark gives out the messages of a bundle, or the card as it was sent, when asked. */
  original?: 'bundle' | 'card'
}

export type MessageContent = Pick<MessageEvent, 'messageType' | 'content'> & { mentions: readonly Mention[] }

const MERGE_FORWARD = 'merge_forward'
const INTERACTIVE = 'interactive'

/** A type more is a file and a line more. */
const converters = new Map<string, Converter>([
  ['text', convertText],
  ['post', convertPost],
  ['image', convertImage],
  ['file', convertFile],
  ['folder', convertFolder],
  ['audio', convertAudio],
  ['media', convertVideo],
  ['sticker', convertSticker],
  [INTERACTIVE, convertCard],
  ['share_chat', convertSharedChat],
  ['share_user', convertSharedUser],
  [MERGE_FORWARD, () => '[forwarded messages]'],
  ['location', convertLocation],
  ['system', convertSystem],
  ['hongbao', convertRedPacket],
  ['share_calendar_event', convertCalendar],
  ['calendar', convertCalendar],
  ['general_calendar', convertCalendar],
  ['video_chat', convertVideoChat],
  ['todo', convertTodo],
  ['vote', convertVote]
])

const originals = new Map<string, ReadableText['original']>([
  [MERGE_FORWARD, 'bundle'],
  [INTERACTIVE, 'card']
])

/** What is left where the bot's mention was: blanks at the ends, two in a row. */
const tidy = (text: string): string =>
  textLines(text)
    .map((line) => line.trimEnd())
    .join('\n')
    .trim()

/** The message as text for a reader without Lark. Never throws, whatever the content is. */
export const readableText = (message: MessageContent, bot: BotIdentity | null): ReadableText => {
  const content = parseJson(message.content)
  const convert = isObject(content) ? converters.get(message.messageType) : undefined
  const list = new ResourceList()
  const context = {
    withMentions: mentionReplacer(message.mentions, bot?.openId),
    attach: list.add.bind(list)
  }
  const text = (convert ?? convertUnknown(message.messageType))(objectOf(content), context)
  const original = isSentCard(objectOf(content)) ? undefined : originals.get(message.messageType)
  return { text: tidy(storableText(text)), resources: list.resources, ...(original ? { original } : {}) }
}
