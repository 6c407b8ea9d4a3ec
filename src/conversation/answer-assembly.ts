import { PART_SEPARATOR, RunSignal } from '../host'
import { storableText } from '../shared'

/**
 * `empty`: the run went well and said nothing. `approval`: it waits for a person's decision. An interrupted conversation
 * without an operation was cancelled (host-contract §10 14b). `lost`: the host has forgotten the run, and nothing was read of
 * it. `interrupted`: it has forgotten a run of which something was read. `stopped`: somebody asked for it.
 */
export type AnswerEnd = 'answered' | 'empty' | 'failed' | 'cancelled' | 'approval' | 'lost' | 'interrupted' | 'stopped'

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
  private readonly runningTools = new Map<string, string>()
  private conversationEnd: { status: string; waits: boolean } | null = null

  apply(signal: RunSignal): void {
    if (this.end) return
    switch (signal.type) {
      case 'conversation_start':
        this.conversationId = signal.conversationId
        return
      case 'message_start':
        this.startMessage()
        return
      case 'text':
        this.append(signal.streamId, signal.text)
        return
      case 'message_end':
        if (signal.content) this.current.whole = signal.content
        return
      case 'tool':
        if (signal.status === 'running') this.runningTools.set(signal.id, signal.title)
        else this.runningTools.delete(signal.id)
        return
      case 'conversation_end':
        this.conversationEnd = { status: signal.status, waits: signal.operation !== null }
        return
      case 'complete':
        this.end = this.endOfComplete()
        return
      case 'error':
        this.end = 'failed'
        return
      case 'other':
    }
  }

  get markdown(): string {
    const texts = this.messages.map(textOfMessage).filter((text) => text.trim() !== '')
    return storableText(texts.join(PART_SEPARATOR))
  }

  /** The tool at work just now, by its title. */
  get runningTool(): string | null {
    return [...this.runningTools.values()].at(-1) ?? null
  }

  private get current(): AnswerMessage {
    return this.messages[this.messages.length - 1]!
  }

  private startMessage(): void {
    if (this.current.whole !== null || this.current.streams.size > 0) this.messages.push(newMessage())
  }

  private append(streamId: string, text: string): void {
    const { streams } = this.current
    streams.set(streamId, (streams.get(streamId) ?? '') + text)
  }

  private endOfComplete(): AnswerEnd {
    if (this.conversationEnd?.status === 'error') return 'failed'
    if (this.conversationEnd?.status === 'interrupted') return this.conversationEnd.waits ? 'approval' : 'cancelled'
    return this.markdown === '' ? 'empty' : 'answered'
  }
}
