import { randomUUID } from 'node:crypto'
import { Injectable } from '@nestjs/common'
import { DataSource, In, type Repository } from 'typeorm'
import type { ExpertRecord } from '../handoff/handoff-message'
import { AgentExecution } from './agent-execution.entity'
import { ChatConversation } from './chat-conversation.entity'
import { ChatMessage } from './chat-message.entity'

export interface Owner {
  tenantId: string
  organizationId: string | null
  createdById: string | null
}

export interface RunRowSet {
  conversation: ChatConversation
  human: ChatMessage
  ai: ChatMessage
  execution: AgentExecution
}

export const agentKeyOf = (expert: ExpertRecord): string => `Agent_${expert.id.replaceAll('-', '').slice(0, 10)}`

/** Rows of conversations, messages and executions; any instance can go on where another one stopped. */
@Injectable()
export class RunRows {
  constructor(private readonly dataSource: DataSource) {}

  get conversations(): Repository<ChatConversation> {
    return this.dataSource.getRepository(ChatConversation)
  }

  get messages(): Repository<ChatMessage> {
    return this.dataSource.getRepository(ChatMessage)
  }

  get executions(): Repository<AgentExecution> {
    return this.dataSource.getRepository(AgentExecution)
  }

  newConversation(owner: Owner, expert: ExpertRecord, fields: Partial<ChatConversation>): ChatConversation {
    const now = new Date()
    return this.conversations.create({
      ...owner,
      id: randomUUID(),
      xpertId: expert.id,
      threadId: randomUUID(),
      title: '',
      status: 'busy',
      error: null,
      from: null,
      fromEndUserId: null,
      options: null,
      sourceAudit: null,
      history: [],
      createdAt: now,
      updatedAt: now,
      ...fields
    })
  }

  newMessage(owner: Owner, fields: Partial<ChatMessage> & Pick<ChatMessage, 'conversationId' | 'role'>): ChatMessage {
    const now = new Date()
    return this.messages.create({
      ...owner,
      id: randomUUID(),
      parentId: null,
      content: '',
      reasoning: null,
      status: null,
      error: null,
      executionId: null,
      clientMessageId: null,
      followUpMode: null,
      followUpStatus: null,
      targetExecutionId: null,
      visibleAt: null,
      createdAt: now,
      updatedAt: now,
      ...fields
    })
  }

  newExecution(
    owner: Owner,
    expert: ExpertRecord,
    conversation: ChatConversation,
    fields: Partial<AgentExecution>
  ): AgentExecution {
    const now = new Date()
    return this.executions.create({
      ...owner,
      id: randomUUID(),
      conversationId: conversation.id,
      xpertId: expert.id,
      threadId: conversation.threadId,
      agentKey: agentKeyOf(expert),
      status: 'running',
      error: null,
      inputs: {},
      outputs: null,
      metadata: {},
      elapsedTime: null,
      tokens: 0,
      operation: null,
      turn: 1,
      input: '',
      createdAt: now,
      updatedAt: now,
      ...fields
    })
  }

  findConversation(id: string, tenantId: string): Promise<ChatConversation | null> {
    return isUuid(id) ? this.conversations.findOneBy({ id, tenantId }) : Promise.resolve(null)
  }

  /** The AI message that a request points at; without a pointer the last one of the conversation. */
  findAnswer(
    conversationId: string,
    target: { aiMessageId?: string; executionId?: string } = {}
  ): Promise<ChatMessage | null> {
    if (target.aiMessageId && !isUuid(target.aiMessageId)) return Promise.resolve(null)
    const { aiMessageId: id, executionId } = target
    return this.messages.findOne({
      where: { conversationId, role: 'ai', ...(id ? { id } : {}), ...(!id && executionId ? { executionId } : {}) },
      order: { createdAt: 'DESC' }
    })
  }

  /** AI messages whose run has not ended, as far as the rows know. */
  findUnfinished(conversationId: string): Promise<ChatMessage[]> {
    return this.messages.findBy({ conversationId, role: 'ai', status: 'thinking' })
  }

  /** A message that was stored by a `queue` follow-up and waits to be sent. */
  findQueued(conversationId: string, clientMessageId: string | undefined): Promise<ChatMessage | null> {
    if (!clientMessageId) return Promise.resolve(null)
    return this.messages.findOneBy({
      conversationId,
      clientMessageId,
      followUpMode: 'queue',
      followUpStatus: 'pending'
    })
  }

  /** Steering messages for that run which no model call has taken in yet, oldest first. */
  findSteers(executionId: string): Promise<ChatMessage[]> {
    return this.messages.find({
      where: { targetExecutionId: executionId, followUpMode: 'steer', followUpStatus: 'pending' },
      order: { createdAt: 'ASC' }
    })
  }

  async consume(messages: ChatMessage[], visibleAt: Date): Promise<void> {
    const change = { followUpStatus: 'consumed' as const, visibleAt }
    await this.messages.update({ id: In(messages.map((message) => message.id)) }, change)
    messages.forEach((message) => Object.assign(message, change))
  }

  /** A plain message to a conversation that waits for a decision makes the question void (host-observed 42). */
  async forgetQuestions(conversationId: string): Promise<void> {
    await this.executions
      .createQueryBuilder()
      .update()
      .set({ operation: () => 'null' })
      .where('"conversationId" = :conversationId and operation is not null', { conversationId })
      .execute()
  }

  async save(rows: Partial<RunRowSet>): Promise<void> {
    if (rows.conversation) await this.conversations.save(rows.conversation)
    if (rows.human) await this.messages.save(rows.human)
    if (rows.execution) await this.executions.save(rows.execution)
    if (rows.ai) await this.messages.save(rows.ai)
  }
}

const isUuid = (value: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)
