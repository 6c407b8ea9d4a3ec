import type { ExpertScript } from '../handoff/handoff-message'
import type { AnswerStep, Turn } from './answer'
import { interruptAnswer } from './interrupt-answer'
import { llmAnswer } from './llm-answer'
import { untilAborted } from './pause'
import { failAnswer, streamAnswer } from './stream-answer'

/** What an expert with that script does in that turn. Throwing is the run's failure. */
export async function* scriptedAnswer(script: ExpertScript, turn: Turn): AsyncGenerator<AnswerStep> {
  switch (script.kind) {
    case 'stream':
      return yield* streamAnswer(script, turn)
    case 'interrupt':
      return yield* interruptAnswer(script, turn)
    case 'fail':
      return yield* failAnswer(script, turn)
    case 'llm':
      return yield* llmAnswer(script, turn)
    case 'never':
      return await untilAborted(turn.signal)
    case 'sequence': {
      const step = script.steps[Math.min(turn.number, script.steps.length) - 1]
      if (step) yield* scriptedAnswer(step, turn)
    }
  }
}
