import type { ExpertScript } from '../handoff/handoff-message'
import type { AnswerStep, Turn } from './answer'
import { pause } from './pause'
import { fillIn, modelMessageId, speak, toolCallId } from './script-text'

type StreamScript = Extract<ExpertScript, { kind: 'stream' }>
type FailScript = Extract<ExpertScript, { kind: 'fail' }>

/** A tool call, if any, then thinking, silence and text. The text is a model call of its own when a tool came before. */
export async function* streamAnswer(script: StreamScript, turn: Turn): AsyncGenerator<AnswerStep> {
  if (script.tool) {
    const id = toolCallId()
    yield { type: 'tool-start', id, tool: script.tool.name, input: { query: turn.input } }
    if (script.tool.silentMs) await pause(script.tool.silentMs, turn.signal)
    yield { type: 'tool-end', id, output: `Result of ${script.tool.name}` }
    yield { type: 'model-call' }
  }
  if (script.reasoning) yield { type: 'reasoning', id: modelMessageId(), text: fillIn(script.reasoning, turn) }
  if (script.silentMs) await pause(script.silentMs, turn.signal)
  yield* speak(script.text, turn, script)
}

export async function* failAnswer(script: FailScript, turn: Turn): AsyncGenerator<AnswerStep> {
  if (script.afterText) yield* speak(script.afterText, turn)
  throw new Error(fillIn(script.message, turn))
}
