import { Injectable } from '@nestjs/common'
import { SessionControl } from '../conversation'
import { ViewActionRequest, ViewActionResult, ViewData, ViewQuery, XpertNames } from '../host'
import { inBoth, Language, say, TextKey } from '../i18n'
import { LarkIntegration } from '../settings'
import type { IntegrationTab, Reader, TabAction } from './integration-tabs'
import { COUNT_LIMIT, filterOf, named, pageOf, wordsOf } from './list-query'
import { SessionList, SessionRow } from './session-list'

/** What an admin may write to see only one kind. */
const KINDS: Record<string, boolean> = {
  ...{ open: false, opened: false, 进行中: false },
  ...{ closed: true, ended: true, 已结束: true }
}

const CLOSED: Record<'closed' | 'was_closed' | 'unknown', TextKey> = {
  closed: 'sessionClosed',
  was_closed: 'sessionWasClosed',
  unknown: 'rowGone'
}

const STOPPED: Record<'stopped' | 'idle' | 'unknown', TextKey> = {
  stopped: 'stopAsked',
  idle: 'nothingToStop',
  unknown: 'rowGone'
}

const kindOf = (word: string): boolean | undefined =>
  Object.hasOwn(KINDS, word.toLowerCase()) ? KINDS[word.toLowerCase()] : undefined

const typeOf = ({ chatType, threadId, isClosed }: SessionRow, language: Language): string => {
  const type = say(chatType === 'p2p' ? 'directChat' : threadId ? 'topicChat' : 'groupChat', language)
  return isClosed ? say('closedChat', language, { type }) : type
}

/** Conversations of this integration, open and closed, the last active first. */
@Injectable()
export class SessionsTab implements IntegrationTab {
  readonly actions: Record<string, TabAction> = {
    new_conversation: (integration, request) => this.startAnew(integration, request),
    stop: (integration, request) => this.stop(integration, request)
  }

  constructor(
    private readonly sessions: SessionList,
    private readonly experts: XpertNames,
    private readonly control: SessionControl
  ) {}

  async read(integration: LarkIntegration, query: ViewQuery, { language }: Reader): Promise<ViewData> {
    const words = wordsOf(query)
    const asked = {
      words: words.filter((word) => kindOf(word) === undefined),
      isClosed: [...filterOf(query, 'state', 'eq'), ...words].map(kindOf).find((kind) => kind !== undefined),
      ascending: query.sortDirection === 'asc',
      ...pageOf(query)
    }
    const [rows, total] = await Promise.all([
      this.sessions.page(integration.id, asked),
      this.sessions.count(integration.id, asked, COUNT_LIMIT)
    ])
    const experts = await this.experts.of(
      integration.tenantId,
      rows.map(({ xpertId }) => xpertId)
    )
    const items = rows.map((row) => ({
      id: row.id,
      chatType: typeOf(row, language),
      chat: named(row.chatName, row.chatId),
      sender: named(row.senderName, row.senderId),
      expert: named(experts.get(row.xpertId), row.xpertId),
      conversation: row.conversationId,
      updatedAt: row.updatedAt
    }))
    return { items, total }
  }

  private async stop({ id }: LarkIntegration, { targetId = '' }: ViewActionRequest): Promise<ViewActionResult> {
    const stopped = await this.control.stop(id, targetId)
    return { success: stopped === 'stopped', message: inBoth(STOPPED[stopped]), refresh: true }
  }

  private async startAnew({ id }: LarkIntegration, { targetId = '' }: ViewActionRequest): Promise<ViewActionResult> {
    const closed = await this.control.close(id, targetId)
    return { success: closed === 'closed', message: inBoth(CLOSED[closed]), refresh: true }
  }
}
