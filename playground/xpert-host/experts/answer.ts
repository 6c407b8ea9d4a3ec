import type { RunFile } from '../workspace/run-files'

/**
 * What an expert does in one run, as a sequence of steps. The steps know nothing of queues, rows or event shapes: the
 * run turns them into what a real host sends.
 */
export interface HistoryEntry {
  role: 'human' | 'ai'
  content: string
}

export interface ActionRequest {
  name: string
  args: Record<string, unknown>
  description?: string
}

export interface OperationTask {
  id?: string
  name: string
  path?: string[]
  interrupts: { id?: string; value?: unknown }[]
  type?: 'tool' | 'agent'
  info?: { name: string; title?: string; description: string }
  parameters?: { name: string; title: string; type: string; description: string }[]
  call?: { id: string; name: string; args: Record<string, unknown> }
}

/** What a run waits for (host-contract §4.5). */
export interface SensitiveOperation {
  messageId?: string
  tasks: OperationTask[]
}

export interface ResumeDecision {
  type: 'confirm' | 'reject'
  payload?: unknown
  /** Edited arguments from `patch.toolCalls`. */
  toolCalls?: { id?: string; name?: string; args?: Record<string, unknown> }[]
}

export type AnswerStep =
  /** Another model call begins: the only moment at which a run takes in a steering message. */
  | { type: 'model-call' }
  | { type: 'text'; id: string; text: string }
  | { type: 'reasoning'; id: string; text: string }
  | { type: 'tool-start'; id: string; tool: string; input: Record<string, unknown> }
  | { type: 'tool-end'; id: string; output: string }
  | { type: 'interrupt'; operation: SensitiveOperation }

export interface Turn {
  /** The text to answer; a consumed steering message replaces it. */
  input: string
  /** From 1, within the conversation. */
  number: number
  history: readonly HistoryEntry[]
  files: readonly RunFile[]
  signal: AbortSignal
  /** Present in a resumed run, with what the run waited for. */
  resume?: { operation: SensitiveOperation; decision: ResumeDecision }
}

export type Answer = (turn: Turn) => AsyncGenerator<AnswerStep>
