import { PART_SEPARATOR, RunSignal } from '../host'
import { JsonObject, storableText } from '../shared'

/**
 * `empty`: the run went well and said nothing. `approval`: it waits for a person's decision. An interrupted conversation
 * without an operation was cancelled (host-contract §10 14b). `lost`: the host has forgotten the run, and nothing was read of
 * it. `interrupted`: it has forgotten a run of which something was read. `stopped`: somebody asked for it. `gone`: it failed
 * because the host does not have its conversation any more.
 */
export type AnswerEnd =
  'answered' | 'empty' | 'failed' | 'cancelled' | 'approval' | 'lost' | 'interrupted' | 'stopped' | 'gone'

export interface ToolProgress {
  title: string
  status: 'running' | 'success' | 'fail'
}

interface AnswerMessage {
  /** Concatenated deltas by stream id, in order of appearance. */
  streams: Map<string, string>
  /** The whole text as `on_message_end` gave it; it has the last word. */
  whole: string | null
}

const newMessage = (): AnswerMessage => ({ streams: new Map(), whole: null })

const textOfMessage = (message: AnswerMessage): string =>
  message.whole ?? [...message.streams.values()].join(PART_SEPARATOR)

/** One run's answer, built from its signals in sequence. */
export class AnswerAssembly {
  conversationId: string | null = null
  end: AnswerEnd | null = null
  private readonly messages: AnswerMessage[] = [newMessage()]
  private readonly tools = new Map<string, ToolProgress>()
  /** What the run asks, when it waits for a person. */
  operation: JsonObject | null = null
  /** The message and execution that a decision is for. */
  target: { aiMessageId?: string; executionId?: string } = {}
  private conversationStatus: string | null = null
  /** The host's sentence about a failure; it may quote what people wrote. */
  failure: string | null = null

  /** @param base what the answer said before a person decided how it goes on */
  constructor(private readonly base = '') {}

  apply(signal: RunSignal): void {
    if (this.end) return
    switch (signal.type) {
      case 'conversation_start':
        this.conversationId = signal.conversationId
        return
      case 'message_start':
        this.aim(signal)
        this.startMessage()
        return
      case 'text':
        this.forgetFinishedTools()
        this.append(signal.streamId, signal.text)
        return
      case 'message_end':
        this.aim(signal)
        if (signal.content) this.current.whole = signal.content
        return
      case 'tool':
        this.noteTool(signal.id, signal.title, signal.status)
        return
      case 'conversation_end':
        this.conversationStatus = signal.status
        this.operation = signal.operation
        this.failure = signal.error ?? null
        return
      case 'complete':
        this.end = this.endOfComplete()
        return
      case 'error':
        this.end = 'failed'
        this.failure = signal.message
        return
      case 'other':
    }
  }

  /** Whether the run itself said something, beside what the answer said before it. */
  get hasWords(): boolean {
    return this.messages.some((message) => textOfMessage(message).trim() !== '')
  }

  get markdown(): string {
    const texts = [this.base, ...this.messages.map(textOfMessage)].filter((text) => text.trim() !== '')
    return storableText(texts.join(PART_SEPARATOR))
  }

  /** The tool at work just now, or the last one until text follows it. */
  get tool(): ToolProgress | null {
    const tools = [...this.tools.values()]
    return tools.findLast(({ status }) => status === 'running') ?? tools.at(-1) ?? null
  }

  private get current(): AnswerMessage {
    return this.messages[this.messages.length - 1]!
  }

  private startMessage(): void {
    if (this.current.whole !== null || this.current.streams.size > 0) this.messages.push(newMessage())
  }

  private aim({ aiMessageId, executionId }: { aiMessageId?: string; executionId?: string }): void {
    this.target = { ...this.target, ...(aiMessageId ? { aiMessageId } : {}), ...(executionId ? { executionId } : {}) }
  }

  private noteTool(id: string, title: string, status: ToolProgress['status']): void {
    const known = this.tools.get(id)?.title ?? ''
    this.tools.delete(id)
    this.tools.set(id, { title: title || known, status })
  }

  private forgetFinishedTools(): void {
    for (const [id, { status }] of this.tools) if (status !== 'running') this.tools.delete(id)
  }

  private append(streamId: string, text: string): void {
    const { streams } = this.current
    streams.set(streamId, (streams.get(streamId) ?? '') + text)
  }

  private endOfComplete(): AnswerEnd {
    if (this.conversationStatus === 'error') return 'failed'
    if (this.conversationStatus === 'interrupted') return this.operation ? 'approval' : 'cancelled'
    return this.markdown === '' ? 'empty' : 'answered'
  }
}
