import { Language, say, TextKey } from '../i18n'
import { AnswerFrame, RestingPhase } from '../reply'
import { withoutData } from './answer-files/file-references'
import { AnswerAssembly, AnswerEnd } from './answer-assembly'
import { button, CardActionName } from './answer-buttons'
import { ApprovalRequest, approvalRequestOf } from './approval-request'
import { shownApproval } from './approval-markdown'
import { EndedTurn } from './turn-outcome'

type TurnRef = { id: string; attempt: string }

/** Who alone may confirm. `isAway`: none of them can see the card. */
export interface AskedApprovers {
  names: string
  isAway: boolean
}

const TOOL_NOTES = { running: 'toolRunning', success: 'toolDone', fail: 'toolFailed' } as const

/** What a person sees while the answer grows. */
export const growingFrame = (answer: AnswerAssembly, turn: TurnRef, language: Language): AnswerFrame => {
  const { tool } = answer
  const markdown = withoutData(answer.markdown, language)
  const buttons = [button('stop', turn, language)]
  if (tool) return { markdown, note: say(TOOL_NOTES[tool.status], language, { tool: tool.title }), buttons }
  return markdown ? { markdown, buttons } : { markdown: '', note: say('answering', language), buttons }
}

interface Ending {
  phase: RestingPhase
  outcome: EndedTurn['outcome']
  reason: string
  note?: TextKey
  button?: CardActionName
}

const ENDINGS: Record<Exclude<AnswerEnd, 'approval'>, Ending> = {
  answered: { phase: 'complete', outcome: 'answered', reason: 'answered', button: 'new' },
  empty: { phase: 'complete', outcome: 'answered', reason: 'empty_answer', note: 'emptyAnswer', button: 'new' },
  failed: { phase: 'failed', outcome: 'failed', reason: 'run_failed', note: 'runFailed', button: 'again' },
  gone: { phase: 'failed', outcome: 'failed', reason: 'conversation_gone', note: 'conversationGone', button: 'again' },
  lost: { phase: 'failed', outcome: 'failed', reason: 'run_lost', note: 'runLost', button: 'again' },
  interrupted: {
    phase: 'failed',
    outcome: 'failed',
    reason: 'run_interrupted',
    note: 'runInterrupted',
    button: 'again'
  },
  stopped: { phase: 'stopped', outcome: 'dropped', reason: 'stopped', note: 'runCancelled', button: 'again' },
  cancelled: {
    phase: 'stopped',
    outcome: 'dropped',
    reason: 'run_cancelled',
    note: 'runCancelledByServer',
    button: 'again'
  }
}

/** The final frame of a run, and what is written about its turn. */
export const finalFrame = (
  answer: AnswerAssembly,
  end: Exclude<AnswerEnd, 'approval'>,
  turn: TurnRef,
  language: Language
): Ending & { frame: AnswerFrame } => {
  const ending = ENDINGS[end]
  const note = ending.note ? { note: say(ending.note, language) } : {}
  const buttons = ending.button ? { buttons: [button(ending.button, turn, language)] } : {}
  return { ...ending, frame: { markdown: answer.markdown, ...note, ...buttons } }
}

const approversKey = ({ mayReject }: ApprovalRequest, { isAway }: AskedApprovers): TextKey => {
  if (!isAway) return 'approvalApprovers'
  return mayReject ? 'approvalApproversAway' : 'approvalApproversAbsent'
}

/** Who decides where that is not simply who asked, and how it goes on where nobody can do so on this card. */
const whoDecides = (
  request: ApprovalRequest,
  offered: readonly CardActionName[],
  isWhole: boolean,
  approvers: AskedApprovers | null
): TextKey[] => {
  const isStuck = offered.length === 0
  return [
    ...(!request.mayConfirm || (isStuck && !isWhole) ? ['approvalInXpert' as const] : []),
    ...(request.mayConfirm && approvers ? [approversKey(request, approvers)] : []),
    ...(isStuck ? ['approvalGoesOn' as const] : [])
  ]
}

/** The frame in which a run waits for a person, who confirms nothing that is not on it. */
export const askingFrame = (
  answer: AnswerAssembly,
  turn: TurnRef,
  language: Language,
  approvers: AskedApprovers | null = null
): AnswerFrame => {
  const request = approvalRequestOf(answer.operation ?? {})
  const { markdown, isWhole } = shownApproval(request, language)
  const offered: CardActionName[] = [
    ...(request.mayConfirm && isWhole && !approvers?.isAway ? ['confirm' as const] : []),
    ...(request.mayReject ? ['reject' as const] : [])
  ]
  const names = approvers?.names ?? ''
  const sentences = whoDecides(request, offered, isWhole, approvers).map((key) => say(key, language, { names }))
  const buttons = offered.length > 0 ? offered : (['new'] as const)
  return {
    markdown: answer.markdown,
    approval: [markdown, ...sentences].join('\n\n'),
    buttons: buttons.map((action) => button(action, turn, language))
  }
}

const CLOSINGS: Partial<Record<string, TextKey>> = {
  forgotten: 'approvalForgotten',
  overtaken: 'approvalOvertaken',
  conversation_ended: 'approvalConversationEnded',
  integration_unusable: 'answerUnusable',
  content_refused: 'answerRefused'
}

/** An answer that ended without its run: what its card says then. `isShared`: not only who asked speaks there. */
export const closingFrame = (text: string, reason: string, language: Language, isShared = false): AnswerFrame => {
  const key = CLOSINGS[reason] ?? 'runCancelled'
  const markdown = withoutData(text, language)
  return { markdown, note: say(isShared && key === 'approvalOvertaken' ? 'approvalOvertakenByOthers' : key, language) }
}

/** The former card of a question that an admin has answered again. */
export const repeatedFrame = (language: Language): AnswerFrame => ({
  markdown: '',
  note: say('answeredAgain', language)
})
