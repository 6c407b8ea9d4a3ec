import { Injectable } from '@nestjs/common'
import { DataSource, IsNull } from 'typeorm'
import { ChatConversation, type ConversationStatus } from './chat-conversation.entity'
import { ChatMessage, type MessageStatus } from './chat-message.entity'

export interface HostConversation {
  id: string
  title: string
  status: ConversationStatus
  from: string | null
  fromEndUserId: string | null
  messages: { role: 'human' | 'ai'; content: string; status: MessageStatus | null }[]
}

/** Whose conversations somebody may delete. */
export interface ConversationScope {
  tenantId: string
  organizationId: string | null
}

/** Conversations for the control routes and the pages. */
@Injectable()
export class Conversations {
  constructor(private readonly dataSource: DataSource) {}

  /** Oldest first, each with its messages in order. */
  async list(xpertId: string): Promise<HostConversation[]> {
    const conversations = await this.dataSource
      .getRepository(ChatConversation)
      .find({ where: { xpertId }, order: { createdAt: 'ASC' } })
    return Promise.all(conversations.map((conversation) => this.withMessages(conversation)))
  }

  /** With its messages. False when there is none in this scope. */
  delete(id: string, { tenantId, organizationId }: ConversationScope): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const where = { id, tenantId, organizationId: organizationId ?? IsNull() }
      const { affected } = await manager.getRepository(ChatConversation).delete(where)
      if (!affected) return false
      await manager.getRepository(ChatMessage).delete({ conversationId: id })
      return true
    })
  }

  private async withMessages(conversation: ChatConversation): Promise<HostConversation> {
    const messages = await this.dataSource
      .getRepository(ChatMessage)
      .find({ where: { conversationId: conversation.id }, order: { createdAt: 'ASC', role: 'DESC' } })
    const { id, title, status, from, fromEndUserId } = conversation
    return {
      id,
      title,
      status,
      from,
      fromEndUserId,
      messages: messages.map((message) => ({
        role: message.role,
        content: contentText(message.content),
        status: message.status
      }))
    }
  }
}

/** The text that a person would read: components have none. */
export function contentText(content: ChatMessage['content']): string {
  if (typeof content === 'string') return content
  return content.map((part) => (part.type === 'text' ? String(part.text) : '')).join('')
}
