/**
 * The data of run events as a real host sends them: every function stands for the lines of the recordings that it was
 * read from. Dates are strings, as after JSON.
 */
import type { AgentExecution } from './agent-execution.entity'
import type { SensitiveOperation } from './answer'
import type { ChatConversation } from './chat-conversation.entity'
import type { ChatMessage } from './chat-message.entity'

type Data = Record<string, unknown>

/** Who runs: shown in the end of an agent. */
export interface RunFace {
  xpertId: string
  name: string
  language: string
}

const idOnly = (id: string | null): { id: string } | null => (id ? { id } : null)

export const conversationStart = (conversation: ChatConversation): Data => ({
  id: conversation.id,
  title: conversation.title,
  status: 'busy',
  createdAt: conversation.createdAt.toISOString(),
  updatedAt: conversation.updatedAt.toISOString()
})

export const conversationEnd = (conversation: ChatConversation, operation: SensitiveOperation | null): Data => ({
  id: conversation.id,
  title: conversation.title,
  status: conversation.status,
  operation,
  error: conversation.error
})

function messageFields(message: ChatMessage): Data {
  return {
    id: message.id,
    createdById: message.createdById,
    updatedById: message.createdById,
    createdAt: message.createdAt.toISOString(),
    updatedAt: message.updatedAt.toISOString(),
    tenantId: message.tenantId,
    organizationId: message.organizationId,
    parentId: message.parentId,
    role: message.role,
    content: message.content,
    reasoning: message.reasoning,
    references: null,
    taskSummary: { version: 1 },
    status: message.status,
    error: message.error,
    summaryJob: null,
    thirdPartyMessage: null,
    events: null,
    deletedAt: null,
    conversationId: message.conversationId,
    executionId: message.executionId,
    followUpMode: message.followUpMode,
    followUpStatus: message.followUpStatus,
    targetExecutionId: message.targetExecutionId,
    visibleAt: message.visibleAt?.toISOString() ?? null
  }
}

const relations = (message: ChatMessage): Data => ({
  createdBy: idOnly(message.createdById),
  updatedBy: idOnly(message.createdById),
  tenant: idOnly(message.tenantId),
  organization: idOnly(message.organizationId)
})

/** A new AI message carries its relations and its whole parent; after a steer only the parent's id (recording 08). */
export const newMessage = (message: ChatMessage, parent: ChatMessage, wholeParent: boolean): Data => ({
  ...messageFields(message),
  ...relations(message),
  parent: wholeParent ? { ...messageFields(parent), ...relations(parent) } : { id: parent.id }
})

/** The message of a resumed run is a row that was read back (recordings 06 and 07). */
export const storedMessage = (message: ChatMessage): Data => ({
  ...messageFields(message),
  attachments: [],
  fileAssets: []
})

export const agentStart = (execution: AgentExecution): Data => ({
  id: execution.id,
  createdById: execution.createdById,
  updatedById: execution.createdById,
  createdAt: execution.createdAt.toISOString(),
  updatedAt: execution.updatedAt.toISOString(),
  tenantId: execution.tenantId,
  organizationId: execution.organizationId,
  category: 'agent',
  type: null,
  title: null,
  agentKey: execution.agentKey,
  predecessor: null,
  inputs: execution.inputs,
  outputs: execution.outputs,
  messages: null,
  status: execution.status,
  error: execution.error,
  elapsedTime: execution.elapsedTime === null ? null : String(execution.elapsedTime),
  tokens: execution.tokens,
  embedTokens: 0,
  metadata: execution.metadata,
  responseLatency: null,
  totalPrice: null,
  currency: null,
  inputTokens: 0,
  inputUnitPrice: null,
  inputPriceUnit: null,
  outputTokens: 0,
  outputUnitPrice: null,
  outputPriceUnit: null,
  threadId: execution.threadId,
  checkpointNs: null,
  checkpointId: null,
  channelName: null,
  parent_thread_id: null,
  operation: execution.operation,
  parentId: null,
  xpertId: execution.xpertId
})

export const agentEnd = (execution: AgentExecution, messages: Data[], face: RunFace): Data => ({
  ...agentStart(execution),
  messages,
  checkpointNs: '',
  createdBy: idOnly(execution.createdById),
  xpert: {
    id: face.xpertId,
    slug: face.name,
    name: face.name,
    type: 'agent',
    title: face.name,
    version: '1',
    tags: [],
    agent: null
  },
  agent: {
    id: face.xpertId,
    key: execution.agentKey,
    name: face.name,
    title: face.name,
    description: null,
    avatar: null
  },
  totalTokens: execution.tokens,
  subExecutions: [],
  modelUsages: []
})

const usage = (execution: AgentExecution, now: string): Data => ({
  type: 'thread_context_usage',
  threadId: execution.threadId,
  agentKey: execution.agentKey,
  updatedAt: now,
  usage: {
    contextTokens: 5,
    inputTokens: 5,
    outputTokens: execution.tokens,
    totalTokens: 5 + execution.tokens,
    embedTokens: 0,
    totalPrice: 0,
    currency: 'USD'
  }
})

/** The two `on_chat_event` that follow the text: the plain one and the graph's own. */
export function contextUsage(execution: AgentExecution, modelRunId: string, face: RunFace): [Data, Data] {
  const now = new Date().toISOString()
  const node = `${execution.agentKey}_thread_context_usage_after_model`
  const metadata = {
    agentKey: execution.agentKey,
    executionId: execution.id,
    rootExecutionId: execution.id,
    thread_id: execution.threadId,
    tenantId: execution.tenantId,
    organizationId: execution.organizationId,
    language: face.language,
    userId: execution.createdById,
    xpertId: execution.xpertId,
    rootAgentKey: execution.agentKey,
    langgraph_node: node
  }
  return [
    { ...usage(execution, now), runId: execution.id },
    {
      tags: [execution.threadId, execution.xpertId, node],
      run_id: modelRunId,
      name: 'on_chat_event',
      metadata,
      ...usage(execution, now),
      runId: modelRunId,
      executionId: execution.id,
      created_date: now
    }
  ]
}

export const followUpConsumed = (execution: AgentExecution, consumed: ChatMessage[], visibleAt: Date): Data => ({
  type: 'follow_up_consumed',
  mode: 'steer',
  messageIds: consumed.map((message) => message.id),
  clientMessageIds: consumed.flatMap((message) => (message.clientMessageId ? [message.clientMessageId] : [])),
  executionId: execution.id,
  visibleAt: visibleAt.toISOString()
})
