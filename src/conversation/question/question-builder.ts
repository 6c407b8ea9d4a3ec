import { Injectable } from '@nestjs/common'
import { SpeakerNames } from '../../directory'
import { RunFile } from '../../host'
import { MessageEvent } from '../../lark'
import { LarkIntegration } from '../../settings'
import { Log } from '../../shared'
import { questionText } from '../question-text'
import { chainIn } from '../session-key'
import { TurnMessage } from '../turn.entity'
import { SessionRepository } from '../session.repository'
import { RunningTurn } from '../turn-row'
import { TurnRepository } from '../turn.repository'
import { Attachment, FileRefusal, WantedFile } from './attachment'
import { attachmentsText } from './attachments-text'
import { historyText } from './history'
import { MissingFile } from './missing-files'
import { answerOf, Context, QuotedContext } from './quoted-context'
import { ScopeMessages } from './scope-messages'
import { Reading, TurnAttachments } from './turn-attachments'

export const DEFAULT_MAX_MIB = 20

/** What the Digital Expert reads, and what of it could not be had. */
export interface Question {
  text: string
  files: RunFile[]
  missing: MissingFile[]
}

export type QuestionReading = Pick<Reading, 'share' | 'signal'>

interface Original {
  message: TurnMessage
  refusal?: FileRefusal
}

const hasMore = ({ material }: TurnMessage): boolean =>
  material !== undefined &&
  (Boolean(material.resources?.length) || material.original !== undefined || material.parentId !== undefined)

/** Whether something has to be read before the turn can be asked. */
export const needsReading = (turn: RunningTurn): boolean =>
  turn.resume === null && (turn.messages.some(hasMore) || (turn.options?.historyMessages ?? 0) > 0)

/** Puts together what a turn asks: its text, what it refers to, its files, and what was said before. Never throws for what can not be had. */
@Injectable()
export class QuestionBuilder {
  private readonly log = new Log('conversation')

  constructor(
    private readonly quotes: QuotedContext,
    private readonly attachments: TurnAttachments,
    private readonly earlier: ScopeMessages,
    private readonly names: SpeakerNames,
    private readonly turns: TurnRepository,
    private readonly sessions: SessionRepository
  ) {}

  /** @param reading how long it may take, and what room its files have until it is asked */
  async build(turn: RunningTurn, integration: LarkIntegration, reading: QuestionReading): Promise<Question> {
    const [history, quotes, originals] = await Promise.all([
      this.history(turn, integration),
      this.quotesOf(turn, integration),
      Promise.all(turn.messages.map((message) => this.withOriginal(message, integration)))
    ])
    const messages = originals.map(({ message }) => message)
    const wanted = [...messages.flatMap(ownFiles), ...quotes.flatMap((quote) => quote.wanted)]
    const read = await this.read(turn, integration, wanted, reading)
    // The first message of a topic comes along unasked: nobody misses it.
    const asked = turn.threadId === null ? quotes : []
    const parts = [
      history,
      ...quotes.map(({ text }) => text),
      questionText({ messages, options: turn.options }),
      attachmentsText(read)
    ]
    return {
      text: parts.filter((part) => part !== '').join('\n\n'),
      files: read.flatMap((attachment) => ('file' in attachment ? [attachment.file] : [])),
      missing: [
        ...read.filter((attachment) => 'refusal' in attachment),
        ...asked.flatMap(({ refusal }) => (refusal ? [{ what: 'theQuotedMessage' as const, refusal }] : [])),
        ...originals.flatMap(({ refusal }) => (refusal ? [{ what: 'theForwardedMessages' as const, refusal }] : []))
      ]
    }
  }

  private read(
    turn: RunningTurn,
    integration: LarkIntegration,
    wanted: readonly WantedFile[],
    reading: QuestionReading
  ): Promise<Attachment[]> {
    const owner = { tenantId: turn.tenantId, organizationId: turn.organizationId, xpertId: turn.xpertId }
    const maxMiB = turn.options?.attachmentMaxMiB ?? DEFAULT_MAX_MIB
    return this.attachments.read(wanted, { app: integration.settings, owner, maxMiB, ...reading })
  }

  /** In a topic every message names its first one: that comes along once, when the conversation begins. */
  private async quotesOf(turn: RunningTurn, integration: LarkIntegration): Promise<Context[]> {
    if (turn.threadId !== null && turn.conversationId !== null) return []
    const own = new Set(turn.messages.map(({ messageId }) => messageId))
    const parents = new Set(turn.messages.flatMap(({ text, material }) => (text ? (material?.parentId ?? []) : [])))
    const quoted = [...parents].filter((parentId) => !own.has(parentId))
    const answers = await this.quotes.answersAmong(integration, quoted)
    const turnIds = answers.map(({ turnId }) => turnId)
    const inSession = await this.turns.ofSession(turn.sessionId, turnIds)
    const known = new Map(answers.map((answer) => [answer.messageId, answer]))
    // What it said in this session the expert remembers itself.
    const unread = quoted.filter((parentId) => !inSession.has(known.get(parentId)?.turnId ?? ''))
    return Promise.all(
      unread.map((parentId) => {
        const text = known.get(parentId)?.text
        return text ? answerOf(text) : this.quotes.quoted(integration, parentId)
      })
    )
  }

  private async withOriginal(message: TurnMessage, integration: LarkIntegration): Promise<Original> {
    const { messageId, text, material } = message
    if (!text || !material?.original) return { message }
    const original = await this.quotes.original(integration, messageId, { text, original: material.original })
    return original ? { message: { ...message, text: original.text }, refusal: original.refusal } : { message }
  }

  /** What the expert has read, or was told, in this session it remembers itself, as long as it has the conversation. */
  private async unread(turn: RunningTurn, limit: number): Promise<MessageEvent[]> {
    const { integrationId, chatId, threadId } = turn
    const before = turn.messages.map(({ messageId }) => messageId)
    // A speaker is named where several people share the session; elsewhere nobody reads what others wrote.
    const senderId = turn.options?.speaker === undefined ? turn.senderId : null
    const session = await this.sessions.scopeOf(turn.sessionId)
    const rootId = session && chainIn(session.scopeKey, chatId)
    const since = session?.leftAt ?? null
    const after = turn.conversationId === null ? [] : await this.turns.lastTold(turn)
    const scope = { integrationId, chatId, threadId, rootId, senderId, before, since, after }
    const known = await this.earlier.recent(scope, limit)
    const read = await this.turns.ofSession(
      turn.sessionId,
      known.flatMap(({ turnId }) => turnId ?? [])
    )
    return known.filter(({ turnId }) => turnId === null || !read.has(turnId)).map(({ event }) => event)
  }

  private async history(turn: RunningTurn, integration: LarkIntegration): Promise<string> {
    const limit = turn.options?.historyMessages ?? 0
    if (limit === 0) return ''
    try {
      const events = await this.unread(turn, limit)
      const names = await this.names.of(
        integration,
        events.map(({ sender }) => sender.openId ?? '')
      )
      return historyText(events, (openId) => names.get(openId) ?? 'somebody')
    } catch (error) {
      this.log.warn('earlier messages could not be read', { turn: turn.id }, error)
      return ''
    }
  }
}

/** Nothing of a message that was recalled. */
const ownFiles = ({ messageId, text, material }: TurnMessage): WantedFile[] =>
  text ? (material?.resources ?? []).map((resource) => ({ messageId, resource })) : []
