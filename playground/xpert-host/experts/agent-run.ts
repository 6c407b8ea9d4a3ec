import type { CallbackPublisher } from '../handoff/callback-publisher'
import { whenAborted } from '../handoff/run-policy'
import type { Answer, AnswerStep, ResumeDecision, SensitiveOperation, Turn } from './answer'
import { AnswerTranscript } from './answer-transcript'
import type { HistoryEntry } from './answer'
import * as shapes from './event-shapes'
import type { RunFile } from '../workspace/run-files'
import type { RunRows, RunRowSet } from './run-rows'

/** A user cancelled the run (recording 05); its text is what the events say. */
export class CanceledByUser extends Error {
  override readonly name = 'CanceledByUser'
  constructor() {
    super('Canceled by user')
  }
}

export interface AgentRunPlan {
  rows: RunRowSet
  face: shapes.RunFace
  /** undefined: nothing waits for the decision, so the run ends without text. */
  answer?: Answer
  /** What a resumed run goes on from. */
  resume?: { operation: SensitiveOperation; decision: ResumeDecision }
  /** What came with the question. */
  files?: readonly RunFile[]
  /** The first AI message is a stored one, not a new one. */
  resumed: boolean
  /** Stops the agent as a user's cancel (reason CanceledByUser) or the whole dispatch (any other reason). */
  signal: AbortSignal
  heartbeat(): void
}

export type AgentRunEnd = { status: 'success' | 'interrupted' | 'canceled' } | { status: 'error'; error: string }

/**
 * One run of an agent: asks the expert for its steps, tells them as events and keeps the rows. A failure of the expert
 * and a user's cancel are endings; an abort of the dispatch is thrown, and then the rows stay as they are.
 */
export class AgentRun {
  private readonly startedAt = Date.now()
  private readonly transcript: AnswerTranscript
  private readonly turn: Turn
  private readonly history: readonly HistoryEntry[]
  private operation: SensitiveOperation | null = null

  constructor(
    private readonly plan: AgentRunPlan,
    private readonly store: RunRows,
    private readonly publisher: CallbackPublisher
  ) {
    const { execution, conversation } = plan.rows
    this.transcript = new AnswerTranscript(execution, execution.input)
    // Read once: what another run of the conversation adds meanwhile is overwritten at the end.
    this.history = [...conversation.history]
    this.turn = {
      input: execution.input,
      number: execution.turn,
      history: this.history,
      files: plan.files ?? [],
      signal: plan.signal,
      resume: plan.resume
    }
  }

  async run(): Promise<AgentRunEnd> {
    this.begin()
    const end = await this.play()
    await this.finish(end)
    return end
  }

  private begin(): void {
    const { conversation, ai, human, execution } = this.plan.rows
    this.event('on_conversation_start', shapes.conversationStart(conversation))
    this.event('on_message_start', this.plan.resumed ? shapes.storedMessage(ai) : shapes.newMessage(ai, human, true))
    this.event('on_agent_start', shapes.agentStart(execution))
  }

  private async play(): Promise<AgentRunEnd> {
    const aborted = whenAborted(this.plan.signal)
    try {
      const steps = this.plan.answer?.(this.turn)
      while (steps) {
        const next = await Promise.race([steps.next(), aborted.promise])
        if (next.done) break
        this.plan.heartbeat()
        await this.apply(next.value)
      }
      return { status: this.operation ? 'interrupted' : 'success' }
    } catch (error) {
      if (!this.plan.signal.aborted)
        return { status: 'error', error: error instanceof Error ? error.message : String(error) }
      if (this.plan.signal.reason instanceof CanceledByUser) return { status: 'canceled' }
      throw this.plan.signal.reason
    } finally {
      aborted.detach()
    }
  }

  private async apply(step: AnswerStep): Promise<void> {
    if (step.type === 'model-call') return this.nextModelCall()
    if (step.type === 'interrupt') {
      this.operation = step.operation
      return this.event('on_interrupt', step.operation)
    }
    if (step.type === 'text') this.plan.rows.execution.tokens += 1
    this.publisher.stream({ data: { type: 'message', data: this.transcript.add(step) } })
  }

  /** Steering messages are taken in here and nowhere else (host-observed 38). */
  private async nextModelCall(): Promise<void> {
    this.transcript.nextModelCall()
    const { rows } = this.plan
    const steers = await this.store.findSteers(rows.execution.id)
    if (steers.length === 0) return
    await this.endMessage({ status: 'success' })
    const now = new Date()
    await this.store.consume(steers, now)
    this.event('on_chat_event', shapes.followUpConsumed(rows.execution, steers, now))
    this.turn.input = steers.map((message) => String(message.content)).join('\n')
    this.transcript.startNewMessage(this.turn.input)
    const { tenantId, organizationId, createdById } = rows.ai
    const parent = steers[steers.length - 1]
    rows.ai = this.store.newMessage(
      { tenantId, organizationId, createdById },
      {
        conversationId: rows.conversation.id,
        role: 'ai',
        parentId: parent.id,
        status: 'thinking',
        executionId: rows.execution.id
      }
    )
    await this.store.save({ ai: rows.ai })
    this.event('on_message_start', shapes.newMessage(rows.ai, parent, false))
  }

  private async finish(end: AgentRunEnd): Promise<void> {
    const { execution, conversation } = this.plan.rows
    if (end.status === 'success' && this.transcript.spoke) {
      const usage = shapes.contextUsage(execution, this.transcript.modelRunId, this.plan.face)
      usage.forEach((data) => this.event('on_chat_event', data))
    }
    this.endExecution(end)
    const messages = end.status === 'success' || end.status === 'interrupted' ? this.modelLog() : []
    this.event('on_agent_end', shapes.agentEnd(execution, messages, this.plan.face))
    await this.endMessage(end)
    Object.assign(conversation, {
      status: end.status === 'success' ? 'idle' : end.status === 'error' ? 'error' : 'interrupted',
      error: errorOf(end),
      history: this.newHistory(),
      updatedAt: new Date()
    })
    await this.store.save({ conversation, execution })
    this.event('on_conversation_end', shapes.conversationEnd(conversation, this.operation))
  }

  private endExecution(end: AgentRunEnd): void {
    const { execution } = this.plan.rows
    // A failed resume leaves the question as it was: it can be answered again (host-observed 42).
    const waiting = end.status === 'error' || end.status === 'canceled' ? execution.operation : this.operation
    Object.assign(execution, {
      status: end.status === 'canceled' ? 'interrupted' : end.status,
      error: errorOf(end),
      outputs: { output: this.transcript.text },
      operation: waiting,
      elapsedTime: Math.round(Date.now() - this.startedAt),
      updatedAt: new Date()
    })
  }

  /** The event of a cancelled run says `success` where the row says `aborted` (recording 05, host-contract §4.6). */
  private async endMessage(end: AgentRunEnd): Promise<void> {
    const { ai, human } = this.plan.rows
    const failed = end.status === 'error'
    Object.assign(ai, {
      content: this.transcript.content(),
      reasoning: this.transcript.reasoning(),
      status: failed ? 'error' : 'success',
      error: failed ? end.error : null
    })
    const wholeParent = ai.parentId === human.id
    const parent = wholeParent ? human : Object.assign(this.store.newMessage(human, human), { id: ai.parentId })
    this.event(
      'on_message_end',
      this.plan.resumed ? shapes.storedMessage(ai) : shapes.newMessage(ai, parent, wholeParent)
    )
    if (end.status === 'canceled') ai.status = 'aborted'
    ai.updatedAt = new Date()
    await this.store.save({ ai })
  }

  private modelLog(): Record<string, unknown>[] {
    const said = this.transcript.text
    return said
      ? [...this.transcript.modelMessages, { type: 'ai', data: { content: said, tool_calls: [] } }]
      : this.transcript.modelMessages
  }

  private newHistory(): HistoryEntry[] {
    const answer: HistoryEntry = { role: 'ai', content: this.transcript.text }
    if (!this.plan.resumed) return [...this.history, { role: 'human', content: this.turn.input }, answer]
    return this.history.at(-1)?.role === 'ai' ? [...this.history.slice(0, -1), answer] : [...this.history, answer]
  }

  private event(event: string, data: unknown): void {
    // Rows go on changing; what was said stays said.
    this.publisher.stream({ data: { type: 'event', event, data: structuredClone(data) } })
  }
}

const errorOf = (end: AgentRunEnd): string | null =>
  end.status === 'error' ? end.error : end.status === 'canceled' ? new CanceledByUser().message : null
