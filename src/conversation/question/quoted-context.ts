import { Injectable } from '@nestjs/common'
import { SpeakerNames } from '../../directory'
import { forwardedText, LarkContents, MessageResource, readableText, ReadableText, RestMessage } from '../../lark'
import { ReplyLedger } from '../../reply'
import { LarkIntegration } from '../../settings'
import { Log } from '../../shared'
import { labelOf } from '../speaker-label'
import { FileRefusal, larkRefusalOf, WantedFile } from './attachment'
import { quotation } from './quotation'
import { ScopeMessages } from './scope-messages'

/** A text of somebody else that comes along, with what hangs on it. */
export interface Context {
  text: string
  wanted: WantedFile[]
  refusal?: FileRefusal
}

interface Quoted extends ReadableText {
  messageId: string
  speaker: string
}

const SOMEONE = 'somebody'
const APP = 'a bot'

const REASONS: Partial<Record<FileRefusal, string>> = {
  permission: 'the app lacks the permission im:message:readonly',
  group_permission: 'the app lacks the permission im:message.group_msg',
  gone: 'it was recalled or deleted',
  restricted: 'Lark does not give it to this app'
}

const without = (what: string, refusal: FileRefusal): string =>
  `[${what} could not be read: ${REASONS[refusal] ?? 'Lark did not answer'}]`

const inReply = (speaker: string, text: string): string => `In reply to this message of ${speaker}:\n${quotation(text)}`

const speakerOf = (message: RestMessage, names: ReadonlyMap<string, string>): string =>
  message.senderType === 'app' ? APP : (names.get(message.senderId) ?? SOMEONE)

const labelled = (speaker: string): string => (speaker === APP || speaker === SOMEONE ? speaker : labelOf(speaker))

/** An answer of the bot in another conversation. */
export const answerOf = (text: string): Context => ({ text: inReply(APP, text), wanted: [] })

/** What a message refers to: the message that it replies to, the messages of a bundle, the card as it was sent. */
@Injectable()
export class QuotedContext {
  private readonly log = new Log('conversation')

  constructor(
    private readonly contents: LarkContents,
    private readonly known: ScopeMessages,
    private readonly names: SpeakerNames,
    private readonly answers: ReplyLedger
  ) {}

  /** Which of these messages are answers of ours. */
  answersAmong({ id }: LarkIntegration, messageIds: readonly string[]): ReturnType<ReplyLedger['answersAmong']> {
    return this.answers.answersAmong(id, messageIds)
  }

  /** The quoted message, from what the plugin still knows of it, or from Lark. Never throws. */
  async quoted(integration: LarkIntegration, messageId: string): Promise<Context> {
    try {
      const quoted = (await this.fromOwn(integration, messageId)) ?? (await this.fromLark(integration, messageId))
      if (!quoted) return { text: without('the quoted message', 'gone'), wanted: [], refusal: 'gone' }
      const inner = quoted.original ? await this.original(integration, messageId, quoted) : null
      const text = inReply(labelled(quoted.speaker), inner?.text ?? quoted.text)
      return { text, wanted: wantedOf(messageId, quoted.resources), refusal: inner?.refusal }
    } catch (error) {
      const refusal = larkRefusalOf(error)
      this.log.warn('a quoted message was not read', { message: messageId, refusal }, error)
      return { text: without('the quoted message', refusal), wanted: [], refusal }
    }
  }

  /** The message's own text with what Lark only gives when asked; null where it stays as it is. Never throws. */
  async original(
    integration: LarkIntegration,
    messageId: string,
    { text, original }: Pick<ReadableText, 'text' | 'original'>
  ): Promise<Context | null> {
    try {
      const items = await this.contents.for(integration.settings).readMessage(messageId)
      if (original === 'bundle') return this.bundle(integration, messageId, items)
      const own = items.find((item) => item.messageId === messageId)
      const read = own && !own.deleted ? readableText(own, null) : null
      // What says less than the stand-in is a stand-in itself.
      const isMore = read && (read.original === undefined || read.text.length > text.length)
      return isMore ? { text: read.text, wanted: [] } : null
    } catch (error) {
      const refusal = larkRefusalOf(error)
      this.log.warn('the original of a message was not read', { message: messageId, refusal }, error)
      // A card has its lossy text already.
      if (original === 'card') return null
      return { text: `${text}\n${without('what was forwarded', refusal)}`, wanted: [], refusal }
    }
  }

  private async bundle(
    integration: LarkIntegration,
    messageId: string,
    items: readonly RestMessage[]
  ): Promise<Context | null> {
    const people = items.filter(({ senderType }) => senderType === 'user').map(({ senderId }) => senderId)
    const names = await this.names.of(integration, people)
    const text = forwardedText(messageId, items, (message) => speakerOf(message, names))
    return text === null ? null : { text: `[forwarded messages]\n${text}`, wanted: [] }
  }

  private async fromOwn(integration: LarkIntegration, messageId: string): Promise<Quoted | null> {
    const event = await this.known.find(integration.id, messageId)
    if (!event) return null
    const { openId = '', type } = event.sender
    const names = await this.names.of(integration, [openId])
    const speaker = names.get(openId) ?? (type === 'user' ? SOMEONE : APP)
    return { ...readableText(event, null), messageId, speaker }
  }

  private async fromLark(integration: LarkIntegration, messageId: string): Promise<Quoted | null> {
    const items = await this.contents.for(integration.settings).readMessage(messageId)
    const message = items.find((item) => item.messageId === messageId)
    if (!message || message.deleted) return null
    const people = message.senderType === 'user' ? [message.senderId] : []
    const speaker = speakerOf(message, await this.names.of(integration, people))
    return { ...readableText(message, null), messageId, speaker }
  }
}

const wantedOf = (messageId: string, resources: readonly MessageResource[]): WantedFile[] =>
  resources.map((resource) => ({ messageId, resource }))
