import { randomUUID } from 'node:crypto'
import type { AgentExecution } from './agent-execution.entity'
import type { AnswerStep } from './answer'
import type { ContentPart } from './chat-message.entity'

type PartStep = Extract<AnswerStep, { type: 'text' | 'reasoning' | 'tool-start' | 'tool-end' }>
type ModelMessage = Record<string, unknown>

/** Collects what an answer said: the parts of the AI message and the messages of the model's own log. */
export class AnswerTranscript {
  /** Id of the model call that speaks; every call has its own. */
  modelRunId = randomUUID()
  readonly modelMessages: ModelMessage[] = []
  private parts: ContentPart[] = []
  private thoughts: ContentPart[] = []
  private said = ''

  constructor(
    private readonly execution: AgentExecution,
    input: string
  ) {
    this.heard(input)
  }

  /** Everything that was said since the beginning of the run. */
  get text(): string {
    return this.said
  }

  get spoke(): boolean {
    return this.parts.some((part) => part.type === 'text')
  }

  content(): string | ContentPart[] {
    return this.parts.length > 0 ? this.parts : ''
  }

  reasoning(): ContentPart[] | null {
    return this.thoughts.length > 0 ? this.thoughts : null
  }

  nextModelCall(): void {
    this.modelRunId = randomUUID()
  }

  /** A steering message was taken in: the answer goes on in a new AI message. */
  startNewMessage(input: string): void {
    this.parts = []
    this.thoughts = []
    this.said = ''
    this.heard(input)
  }

  /** Notes the step and returns the part as it is streamed. */
  add(step: PartStep): ContentPart {
    if (step.type === 'tool-start' || step.type === 'tool-end') return this.addTool(step)
    const part: ContentPart = {
      type: step.type,
      text: step.text,
      created_date: new Date().toISOString(),
      id: step.id,
      agentKey: this.execution.agentKey,
      executionId: this.execution.id,
      runId: this.modelRunId
    }
    if (step.type === 'text') this.said += step.text
    append(step.type === 'text' ? this.parts : this.thoughts, part)
    return part
  }

  private addTool(step: Extract<PartStep, { type: 'tool-start' | 'tool-end' }>): ContentPart {
    const now = new Date().toISOString()
    const { agentKey, id: executionId } = this.execution
    const data: Record<string, unknown> =
      step.type === 'tool-end'
        ? { status: 'success', end_date: now, output: step.output }
        : {
            input: step.input,
            category: 'Tool',
            toolset: step.tool,
            tool: step.tool,
            title: step.tool,
            created_date: now,
            status: 'running'
          }
    const part: ContentPart = { id: step.id, type: 'component', agentKey, executionId, runId: this.modelRunId, data }
    const known = this.parts.find((candidate) => candidate.type === 'component' && candidate.id === step.id)
    if (known) known.data = { ...(known.data as object), ...data }
    else this.parts.push({ ...part })
    if (step.type === 'tool-end')
      this.modelMessages.push({
        type: 'tool',
        data: { content: step.output, tool_call_id: step.id, status: 'success' }
      })
    return part
  }

  private heard(input: string): void {
    this.modelMessages.push({ type: 'human', data: { content: input, additional_kwargs: {}, response_metadata: {} } })
  }
}

/** Pieces of one model message become one part. */
function append(parts: ContentPart[], part: ContentPart): void {
  const last = parts.at(-1)
  if (last && last.type === part.type && last.id === part.id) last.text = `${String(last.text)}${String(part.text)}`
  else parts.push({ ...part })
}
