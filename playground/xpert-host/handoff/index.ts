import { AgentExecution } from '../experts/agent-execution.entity'
import { ChatConversation } from '../experts/chat-conversation.entity'
import { ChatMessage } from '../experts/chat-message.entity'
import { DeadLetter } from './dead-letter.entity'
import { HostInstance } from './host-instance.entity'
import { RunRecord } from './run-record.entity'

export * from './handoff-message'
export * from './ports'
export { CancelConversation, type CancelScope, type CancelTarget } from './cancel-conversation'
export { HandoffModule } from './handoff.module'
export type { HandoffModuleOptions, HandoffOptions } from './handoff-options'
export { HandoffSettings } from './handoff-options'
export { HandoffQueue, type QueueStats } from './handoff-queue'
export { RunLog, type HostRun } from './run-log'
export { Conversations, type HostConversation } from '../experts/conversations'

/** What the host's DataSource must list. */
export const handoffEntities = [DeadLetter, HostInstance, RunRecord, ChatConversation, ChatMessage, AgentExecution]
