import type { Fault, Transport } from '../../lark-simulator/client'
import type { ExpertScript } from '../../xpert-host/client'

/** A file of playground/scenarios, read and checked. Its README says what each key means. */
export interface Scenario {
  /** Its path, as it was given. */
  file: string
  about?: string
  people: string[]
  bots: BotPart[]
  groups: GroupPart[]
  steps: Step[]
}

export interface BotPart {
  name: string
  transport: Transport
  encrypted?: boolean
  scopes?: string[]
  script: ExpertScript
  trigger?: Record<string, unknown>
}

export interface GroupPart {
  name: string
  people: string[]
  bots: string[]
  mode?: 'group' | 'topic'
}

interface Spoken {
  by: string
  to: string
  replyTo?: string
  id?: string
}

export interface Say extends Spoken {
  text: string
}

export interface Send extends Spoken {
  file: string
  content?: string
}

export interface Press {
  by: string
  answerTo: string
  button: string
  form?: Record<string, unknown>
  id?: string
  withinSeconds?: number
}

export interface React {
  by: string
  message?: string
  answerTo?: string
  emoji: string
  withinSeconds?: number
}

export interface Redeliver {
  message: string
  times?: number
  together?: boolean
  newEventId?: boolean
  transport?: Transport
}

type WithBot<F> = F extends Fault ? Omit<F, 'appId'> & { bot?: string } : never
export type FaultPart = WithBot<Fault>

/** Everything that one step expects holds at one moment. */
export interface Expect {
  message?: string
  press?: string
  bot?: string
  text?: string
  includes?: string | string[]
  excludes?: string | string[]
  matches?: string
  buttons?: string[]
  answers?: number
  messages?: number
  reaction?: string
  state?: string
  reason?: string
  toast?: string
  errorCode?: number
  runs?: number
  conversations?: number
  violations?: 'none'
  withinSeconds?: number
}

/** What a step can do, and what it is told. */
export interface Verbs {
  say: Say
  send: Send
  press: Press
  react: React
  recall: { message: string }
  fault: FaultPart
  clearFaults: Record<string, never>
  redeliver: Redeliver
  restart: { kill?: boolean }
  advance: { seconds: number }
  expect: Expect
}

export type Verb = keyof Verbs
/** Exactly one verb. */
export type Step = { [V in Verb]: Record<V, Verbs[V]> }[Verb]

/** How long a step waits, unless it says otherwise. */
export const WITHIN_SECONDS = 30

export const verbOf = (step: Step): Verb => Object.keys(step)[0] as Verb
