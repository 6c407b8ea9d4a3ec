import { randomUUID } from 'node:crypto'
import { Injectable } from '@nestjs/common'
import type { AgentRunPlan } from '../experts/agent-run'
import type { AgentExecution } from '../experts/agent-execution.entity'
import type { ChatConversation } from '../experts/chat-conversation.entity'
import type { ChatMessage } from '../experts/chat-message.entity'
import { type Owner, RunRows, type RunRowSet } from '../experts/run-rows'
import { describeFile, readRunFiles, type RunFile } from '../workspace/run-files'
import { scriptedAnswer } from '../experts/scripted-answer'
import type { DispatchPayload, ResumeRequest, RetryRequest, SendRequest } from './dispatch-payload'
import type { ExpertRecord, HandoffMessage } from './handoff-message'

/** What the host says of a row that is not there, or not for this caller (recording 11). */
export class RecordNotFound extends Error {
  override readonly name = 'RecordNotFound'
  constructor() {
    super('The requested record was not found')
  }
}

/** What newer hosts say of a conversation that is not the expert's, or not the run's user's. */
export class ConversationRefused extends Error {
  override readonly name = 'ConversationRefused'
}

export type RunPlan = Omit<AgentRunPlan, 'signal' | 'heartbeat'>

export interface DispatchFacts {
  message: HandoffMessage
  payload: DispatchPayload
  expert: ExpertRecord
  owner: Owner
}

/** Lays down the rows of a run and decides what the expert has to do. */
@Injectable()
export class DispatchPlanner {
  constructor(private readonly rows: RunRows) {}

  async send(facts: DispatchFacts, request: SendRequest): Promise<RunPlan> {
    const { owner, expert } = facts
    const given = request.conversationId ? await this.conversation(facts, request.conversationId) : undefined
    if (given) await this.rows.forgetQuestions(given.id)
    const stored = given ? await this.rows.findQueued(given.id, request.message.clientMessageId) : null
    if (stored) await this.rows.consume([stored], new Date())
    // `state.human` wins over the message for the graph (host-contract §4.1).
    const said = textOf(request.message.input.input ?? stored?.content)
    const input = textOf(request.state?.human?.input ?? said)
    const human_input = request.state?.human ?? request.message.input
    const files = readRunFiles(human_input.files)
    const conversation = given ?? this.rows.newConversation(owner, expert, { ...labels(facts), title: said })
    Object.assign(conversation, { status: 'busy', error: null, updatedAt: new Date() })
    const human =
      stored ??
      this.rows.newMessage(owner, {
        conversationId: conversation.id,
        role: 'human',
        content: said,
        clientMessageId: request.message.clientMessageId ?? null
      })
    const turn = turnsOf(conversation) + 1
    return this.fresh(facts, {
      conversation,
      human,
      human_input: { ...human_input, ...(files.length > 0 && { files: files.map(describeFile) }) },
      input,
      turn,
      files
    })
  }

  async retry(facts: DispatchFacts, request: RetryRequest): Promise<RunPlan> {
    const conversation = await this.conversation(facts, request.conversationId)
    const former = await this.rows.findAnswer(conversation.id, request.source)
    const human = former?.parentId ? await this.rows.messages.findOneBy({ id: former.parentId }) : null
    if (!human) throw new RecordNotFound()
    // The graph goes back to where the former answer began.
    conversation.history = conversation.history.slice(0, -2)
    Object.assign(conversation, { status: 'busy', error: null, updatedAt: new Date() })
    const input = textOf(human.content)
    return this.fresh(facts, { conversation, human, human_input: { input }, input, turn: turnsOf(conversation) + 1 })
  }

  async resume(facts: DispatchFacts, request: ResumeRequest): Promise<RunPlan> {
    const conversation = await this.conversation(facts, request.conversationId)
    const ai = await this.rows.findAnswer(conversation.id, request.target)
    const execution = ai?.executionId ? await this.rows.executions.findOneBy({ id: ai.executionId }) : null
    if (!ai || !execution) throw new RecordNotFound()
    const human = (ai.parentId && (await this.rows.messages.findOneBy({ id: ai.parentId }))) || ai
    const { operation } = execution
    Object.assign(conversation, { status: 'busy', error: null })
    Object.assign(ai, { status: 'thinking', error: null })
    Object.assign(execution, {
      status: 'running',
      error: null,
      inputs: { ...execution.inputs, human: {} },
      updatedAt: new Date()
    })
    await this.rows.save({ conversation, execution, ai })
    const decision = { ...request.decision, toolCalls: request.patch?.toolCalls }
    return {
      rows: { conversation, human, ai, execution },
      face: faceOf(facts),
      resumed: true,
      ...(operation
        ? { resume: { operation, decision }, answer: (turn) => scriptedAnswer(facts.expert.script, turn) }
        : {})
    }
  }

  async conversation(facts: DispatchFacts, id: string): Promise<ChatConversation> {
    const conversation = await this.rows.findConversation(id, facts.owner.tenantId)
    const { organizationId, createdById } = facts.owner
    if (!conversation || conversation.organizationId !== organizationId) throw new RecordNotFound()
    if (conversation.xpertId !== facts.expert.id)
      throw new ConversationRefused('The requested Xpert does not match the conversation Xpert')
    if (conversation.createdById !== createdById)
      throw new ConversationRefused('You do not have access to this conversation')
    return conversation
  }

  private async fresh(
    facts: DispatchFacts,
    start: {
      conversation: ChatConversation
      human: ChatMessage
      human_input: object
      input: string
      turn: number
      files?: RunFile[]
    }
  ): Promise<RunPlan> {
    const { owner, expert, message, payload } = facts
    const execution: AgentExecution = this.rows.newExecution(owner, expert, start.conversation, {
      id: payload.options.execution?.id ?? randomUUID(),
      inputs: { human: start.human_input, sys: { soul: null, profile: null } },
      metadata: {
        triggerSource: payload.options.from ?? null,
        from: payload.options.from ?? null,
        handoffMessageId: message.id,
        handoffTraceId: message.traceId
      },
      input: start.input,
      turn: start.turn
    })
    const ai = this.rows.newMessage(owner, {
      conversationId: start.conversation.id,
      role: 'ai',
      parentId: start.human.id,
      status: 'thinking',
      executionId: execution.id,
      // Sorts behind the message that it answers.
      createdAt: new Date(Math.max(Date.now(), start.human.createdAt.getTime() + 1))
    })
    const rows: RunRowSet = { conversation: start.conversation, human: start.human, ai, execution }
    await this.rows.save(rows)
    const { files } = start
    return { rows, face: faceOf(facts), resumed: false, files, answer: (turn) => scriptedAnswer(expert.script, turn) }
  }
}

const turnsOf = (conversation: ChatConversation): number =>
  conversation.history.filter((entry) => entry.role === 'ai').length

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value)

const faceOf = ({ expert, payload }: DispatchFacts): AgentRunPlan['face'] => ({
  xpertId: expert.id,
  name: expert.name,
  language: payload.options.language ?? 'en-US'
})

const AUDIT_FIELDS = [
  'integrationId',
  'sourceIntegrationId',
  'channelType',
  'channelSource',
  'channelUserId',
  'chatId',
  'chatType',
  'senderId',
  'sourceMessageLogIds',
  'currentInboundLogIds'
] as const

/** How a new conversation is marked: where it comes from and for whom. */
function labels({ payload }: DispatchFacts): Partial<ChatConversation> {
  const { options } = payload
  const audit = Object.fromEntries(
    AUDIT_FIELDS.filter((field) => field in options).map((field) => [field, options[field]])
  )
  return {
    from: options.from ?? null,
    fromEndUserId: options.fromEndUserId ?? null,
    sourceAudit: Object.keys(audit).length > 0 ? audit : null
  }
}
