import type { ExpertScript } from '../handoff/handoff-message'
import type { AnswerStep, HistoryEntry, Turn } from './answer'

type LlmScript = Extract<ExpertScript, { kind: 'llm' }>

/**
 * A model on any OpenAI-compatible server. The client library repeats a failed call six times with growing pauses, which
 * is the silence of about 100 s that a model's HTTP 500 causes in the real host (host-observed 18).
 */
export async function* llmAnswer(script: LlmScript, turn: Turn): AsyncGenerator<AnswerStep> {
  // Loaded on first use: it costs a second that a host with scripted experts need not pay at its start.
  const { ChatOpenAI } = await import('@langchain/openai')
  const model = new ChatOpenAI({
    model: script.model,
    apiKey: script.apiKey,
    configuration: { baseURL: script.baseUrl },
    streaming: true,
    streamUsage: false
  })
  for await (const chunk of await model.stream(await promptOf(script, turn), { signal: turn.signal })) {
    const id = chunk.id ?? 'chatcmpl'
    const reasoning = chunk.additional_kwargs.reasoning_content
    if (typeof reasoning === 'string' && reasoning) yield { type: 'reasoning', id, text: reasoning }
    const text = textOf(chunk.content)
    if (text) yield { type: 'text', id, text }
  }
}

type Content = string | ({ type: 'text'; text: string } | { type: 'image_url'; image_url: { url: string } })[]

async function promptOf(script: LlmScript, turn: Turn): Promise<[string, Content][]> {
  const said = turn.history.map(
    (entry): [string, string] => [entry.role, entry.content] satisfies [HistoryEntry['role'], string]
  )
  const system: [string, string][] = script.systemPrompt ? [['system', script.systemPrompt]] : []
  return [...system, ...said, ['human', contentOf(turn)]]
}

/** A vision model looks at images; what else came is only named in the text. */
function contentOf(turn: Turn): Content {
  const images = turn.files.filter(({ mimeType }) => mimeType.startsWith('image/'))
  if (images.length === 0) return turn.input
  const seen = images.map(({ mimeType, bytes }) => {
    const url = `data:${mimeType};base64,${bytes.toString('base64')}`
    return { type: 'image_url' as const, image_url: { url } }
  })
  return [{ type: 'text', text: turn.input }, ...seen]
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content
    .map((part: { type?: string; text?: string }) => (part.type === 'text' ? (part.text ?? '') : ''))
    .join('')
}
