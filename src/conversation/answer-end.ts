import { AnswerAssembly, AnswerEnd } from './answer-assembly'
import { INTEGRATION_REMOVED } from './session-cleanup'
import { TurnEnd } from './turn-queue'
import { RunningTurn } from './turn-row'

/** How often a question is dispatched before a lost run is a failure. */
const MAX_DISPATCHES = 2

/**
 * What becomes of an attempt whose run is over. `again`: the same question is dispatched once more. `anew`: in a new
 * conversation; nothing of it was done in the one that is gone.
 */
export type RunEnd = AnswerEnd | 'again' | 'anew'

/**
 * Whether an answer is at its end. One that somebody stopped ends with the host's last word, whatever that says short of a
 * whole answer, or when the cancel was long ago; a lost one that nobody has read anything of is asked for again.
 */
export const endOf = (
  turn: Pick<RunningTurn, 'stopReason' | 'isCancelled' | 'attemptNumber' | 'resume'>,
  answer: Pick<AnswerAssembly, 'end' | 'markdown'>,
  isLost: boolean
): AnswerEnd | 'again' | null => {
  if (answer.end === 'answered' || answer.end === 'empty') return answer.end
  if (turn.stopReason) return answer.end || turn.isCancelled ? 'stopped' : null
  if (answer.end) return answer.end
  if (!isLost) return null
  if (answer.markdown.trim() !== '' || turn.resume) return 'interrupted'
  return turn.attemptNumber < MAX_DISPATCHES ? 'again' : 'lost'
}

/**
 * How a turn ends that has no integration to answer through. One that was only made unusable may be mended: its turn goes on as long as
 * its run does, and an answer that is there waits as long as a silent run would. Its card says so once it is mended.
 */
export const unanswerableEnd = (
  { stopReason, isCancelled }: Pick<RunningTurn, 'stopReason' | 'isCancelled'>,
  isRemoved: boolean,
  isLost: boolean
): TurnEnd | null => {
  if (isRemoved) return { outcome: 'dropped', reason: INTEGRATION_REMOVED }
  if (stopReason && isCancelled) return { outcome: 'dropped', reason: stopReason, closeDue: true }
  return isLost ? { outcome: 'failed', reason: 'integration_unusable', closeDue: true } : null
}

/**
 * Whether the host refused the run at its door, and did nothing of it: its error is then its first and only event
 * (host-contract §4.3).
 */
export const isRefused = (
  { appliedSequence }: Pick<RunningTurn, 'appliedSequence'>,
  answer: Pick<AnswerAssembly, 'end'>
): boolean => answer.end === 'failed' && appliedSequence === 1

/**
 * What the end of a run says of the conversation that it was to go on with.
 * @param isUnsaid the host refused the run, and does not tell whether its conversation is there
 */
export const conversationAfter = (end: AnswerEnd, isUnsaid: boolean): Pick<TurnEnd, 'conversation'> => {
  if (end === 'gone') return { conversation: 'gone' }
  return end === 'failed' && isUnsaid ? { conversation: 'refused' } : {}
}
