import { Language, say, TextKey } from '../i18n'
import { AnswerFrame, FinalPhase } from '../reply'
import { AnswerAssembly, AnswerEnd } from './answer-assembly'
import { EndedTurn } from './turn-outcome'

const TOOL_NOTES = { running: 'toolRunning', success: 'toolDone', fail: 'toolFailed' } as const

/** What a person sees while the answer grows. */
export const growingFrame = (answer: AnswerAssembly, language: Language): AnswerFrame => {
  const { tool } = answer
  if (tool) return { markdown: answer.markdown, note: say(TOOL_NOTES[tool.status], language, { tool: tool.title }) }
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
