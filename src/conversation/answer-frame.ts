import { Language, say, TextKey } from '../i18n'
import { AnswerFrame, FinalPhase } from '../reply'
import { AnswerAssembly, AnswerEnd } from './answer-assembly'
import { EndedTurn } from './turn-outcome'

/** What a person sees while the answer grows. */
export const growingFrame = (answer: AnswerAssembly, language: Language): AnswerFrame => {
  if (answer.runningTool) {
    return { markdown: answer.markdown, note: say('toolRunning', language, { tool: answer.runningTool }) }
  }
  return answer.markdown ? { markdown: answer.markdown } : { markdown: '', note: say('answering', language) }
}

interface Ending {
  phase: FinalPhase
  outcome: EndedTurn['outcome']
  reason: string
  note?: TextKey
}

const ENDINGS: Record<AnswerEnd, Ending> = {
  answered: { phase: 'complete', outcome: 'answered', reason: 'answered' },
  empty: { phase: 'complete', outcome: 'answered', reason: 'empty_answer', note: 'emptyAnswer' },
  failed: { phase: 'failed', outcome: 'failed', reason: 'run_failed', note: 'runFailed' },
  lost: { phase: 'failed', outcome: 'failed', reason: 'run_lost', note: 'runFailed' },
  interrupted: { phase: 'failed', outcome: 'failed', reason: 'run_interrupted', note: 'runInterrupted' },
  stopped: { phase: 'stopped', outcome: 'dropped', reason: 'stopped', note: 'runCancelled' },
  cancelled: { phase: 'stopped', outcome: 'dropped', reason: 'run_cancelled', note: 'runCancelled' },
  approval: { phase: 'failed', outcome: 'failed', reason: 'approval_unsupported', note: 'approvalNeeded' }
}

/** The final frame of a run, and what is written about its turn. */
export const finalFrame = (
  answer: AnswerAssembly,
  end: AnswerEnd,
  language: Language
): Ending & { frame: AnswerFrame } => {
  const ending = ENDINGS[end]
  const note = ending.note ? say(ending.note, language) : undefined
  return { ...ending, frame: { markdown: answer.markdown, ...(note ? { note } : {}) } }
}
