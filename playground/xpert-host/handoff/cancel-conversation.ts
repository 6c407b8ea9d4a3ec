import { Injectable } from '@nestjs/common'
import type { ChatConversation } from '../experts/chat-conversation.entity'
import { CanceledByUser } from '../experts/agent-run'
import { RunRows } from '../experts/run-rows'
import { QueueStore } from './queue-store'

export interface CancelTarget {
  conversationId?: string
  threadId?: string
  executionId?: string
}

export interface CancelScope {
  tenantId?: string
  organizationId?: string
}

/**
 * What the command `[Chat Conversation] Cancel` does (host-contract §4.6, host-observed 41). The run may
 * be on any instance; the stream ends a moment after this has resolved.
 */
@Injectable()
export class CancelConversation {
  constructor(
    private readonly rows: RunRows,
    private readonly store: QueueStore
  ) {}

  /** The scope is the caller's request context; conversations outside of it do not exist for it. */
  async execute(target: CancelTarget, scope: CancelScope = {}): Promise<{ canceledExecutionIds: string[] }> {
    const { executionId } = target
    const { tenantId } = scope
    const removed = executionId ? await this.store.removeWaiting(executionId, tenantId) : 0
    const conversation = await this.find(target, scope)
    if (executionId) {
      // Also when no row knows it: the dispatch may run and not have come to its rows yet.
      await this.store.announceCancel({ executionId, asDispatch: true, tenantId })
      if (conversation) await this.mark(conversation)
      return { canceledExecutionIds: conversation || removed > 0 ? [executionId] : [] }
    }
    const ids = conversation ? await this.unfinished(conversation.id) : []
    for (const id of ids) await this.store.announceCancel({ executionId: id, asDispatch: false, tenantId })
    if (conversation) await this.mark(conversation)
    return { canceledExecutionIds: ids }
  }

  private async find(target: CancelTarget, scope: CancelScope): Promise<ChatConversation | null> {
    const id = target.conversationId ?? (await this.conversationOf(target))
    const where = id ? { id } : target.threadId ? { threadId: target.threadId } : undefined
    const { tenantId, organizationId } = scope
    if (!where) return null
    return this.rows.conversations.findOneBy({
      ...where,
      ...(tenantId ? { tenantId } : {}),
      ...(organizationId ? { organizationId } : {})
    })
  }

  private async conversationOf({ executionId }: CancelTarget): Promise<string | undefined> {
    if (!executionId) return undefined
    return (await this.rows.executions.findOneBy({ id: executionId }))?.conversationId
  }

  /** The runs under way, else the last one. */
  private async unfinished(conversationId: string): Promise<string[]> {
    const messages = await this.rows.findUnfinished(conversationId)
    const last = messages.length > 0 ? null : await this.rows.findAnswer(conversationId)
    const ids = [...messages, ...(last ? [last] : [])].flatMap((message) =>
      message.executionId ? [message.executionId] : []
    )
    return [...new Set(ids)]
  }

  /** A running run writes its own end; one that waits for a decision stays resumable. */
  private async mark(conversation: ChatConversation): Promise<void> {
    if (conversation.status === 'busy') return
    await this.rows.conversations.update(
      { id: conversation.id },
      { status: 'interrupted', error: new CanceledByUser().message }
    )
  }
}
