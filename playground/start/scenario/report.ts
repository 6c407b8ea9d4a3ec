import type { SeenMessage } from '../../lark-simulator/client'
import type { OutcomeRow } from '../outcome'
import type { Check } from './expectations'
import type { Step } from './scenario'
import type { Outcome } from './stage'
import type { FirstSign } from './watch'

/** What the plugin noted about a message that a failed step was about. */
export interface Noted {
  message: string
  messageId: string
  rows: OutcomeRow[]
}

export interface StepReport {
  /** `steps/3/expect` */
  at: string
  step: Step
  passed: boolean
  /** Real milliseconds that the step took. */
  ms: number
  /** What came of an action, or each thing that was expected beside what was seen. */
  seen: unknown
  failed?: { checks: Check[]; problem?: string; noted: Noted[] }
  /** Answers that the step was about, for the transcript. */
  answers: SeenMessage[]
}

/** One message of a person and what became of it. */
export interface MessageReport {
  at: string
  id?: string
  by: string
  to: string
  text: string
  messageId: string
  firstSign?: FirstSign
  endMs?: number
  answers: { from: string; type: string; text: string; buttons: string[] }[]
  reactions: { emoji: string; by: string }[]
  outcomes: Outcome[]
}

export interface ScenarioReport {
  passed: boolean
  steps: StepReport[]
  messages: MessageReport[]
}
