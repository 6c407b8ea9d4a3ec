import { Injectable } from '@nestjs/common'
import { PluginConfigReader } from '../cluster'
import { ViewActionRequest, ViewActionResult, ViewData, ViewQuery } from '../host'
import { inBoth, TextKey } from '../i18n'
import { InboxRepetition, Repetition } from '../inbox'
import { parseMessageEvent, readableText, unlessInvalid } from '../lark'
import { LarkIntegration } from '../settings'
import { Clock, isUuid } from '../shared'
import type { IntegrationTab, Reader, TabAction } from './integration-tabs'
import { COUNT_LIMIT, named, pageOf } from './list-query'
import { MessageList } from './message-list'
import { parseMessageSearch } from './message-search'
import { outcomeOf, tookOf } from './outcome'

const MAX_TEXT = 200

const ANSWERS: Record<Repetition, TextKey> = {
  accepted: 'answeringAgain',
  taken: 'alreadyAnsweringAgain',
  not_failed: 'onlyFailedAgain',
  not_kept: 'messageNotKept',
  unknown: 'rowGone'
}

/** The text of a message that is still kept; anything else has none. */
const textOf = (payload: string | null): string | null => {
  const message = payload === null ? null : unlessInvalid(() => parseMessageEvent(payload))
  if (!message) return null
  const { text } = readableText(message, null)
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT).toWellFormed()}…` : text
}

/** What became of every message of the last days, and why. */
@Injectable()
export class MessagesTab implements IntegrationTab {
  readonly actions: Record<string, TabAction> = {
    answer_again: (integration, request) => this.answerAgain(integration, request)
  }

  constructor(
    private readonly messages: MessageList,
    private readonly repetition: InboxRepetition,
    private readonly config: PluginConfigReader,
    private readonly clock: Clock
  ) {}

  async read({ id }: LarkIntegration, query: ViewQuery, { language }: Reader): Promise<ViewData> {
    const search = parseMessageSearch(query, this.clock.now())
    const showsTexts = this.config.read().views.messageTexts
    const page = { withPayload: showsTexts, ascending: query.sortDirection === 'asc', ...pageOf(query) }
    const [rows, total] = await Promise.all([
      this.messages.page(id, { ...search, ...page }),
      this.messages.count(id, search, COUNT_LIMIT)
    ])
    const items = rows.map((row) => ({
      id: row.id,
      time: row.receivedAt,
      chat: named(row.chatName, row.chatId),
      sender: row.senderName ?? row.senderId,
      outcome: outcomeOf(row, language),
      took: tookOf(row),
      ...(showsTexts ? { text: textOf(row.payload) } : { run: row.executionId })
    }))
    return { items, total }
  }

  private async answerAgain({ id }: LarkIntegration, { targetId = '' }: ViewActionRequest): Promise<ViewActionResult> {
    const repetition = isUuid(targetId) ? await this.repetition.repeat(id, targetId) : 'unknown'
    return { success: repetition === 'accepted', message: inBoth(ANSWERS[repetition]), refresh: true }
  }
}
