import type { Problem } from './invalid-scenario'
import type { Expect } from './scenario'

type Aspect = Exclude<keyof Expect, 'message' | 'press' | 'bot' | 'violations' | 'withinSeconds'>
type Subject = 'message' | 'press' | 'bot'

/** What can be said of what. */
const SUBJECTS: Record<Aspect, readonly Subject[]> = {
  text: ['message', 'press'],
  includes: ['message', 'press'],
  excludes: ['message', 'press'],
  matches: ['message', 'press'],
  buttons: ['message'],
  answers: ['message'],
  messages: ['message'],
  reaction: ['message'],
  state: ['message'],
  reason: ['message'],
  toast: ['press'],
  errorCode: ['press'],
  runs: ['bot'],
  conversations: ['bot']
}

export function aspectProblems(at: string, expect: Expect): Problem[] {
  const subjects = (['message', 'press', 'bot'] as const).filter((subject) => expect[subject] !== undefined)
  const aspects = (Object.keys(SUBJECTS) as Aspect[]).filter((aspect) => expect[aspect] !== undefined)
  const [subject, ...more] = subjects
  if (more.length > 0) return [{ at, message: `is about one of message, press and bot, not ${subjects.join(' and ')}` }]
  if (!subject && aspects.length === 0 && expect.violations === undefined) return [{ at, message: 'expects nothing' }]
  if (subject && aspects.length === 0) return [{ at: `${at}/${subject}`, message: 'nothing is expected of it' }]
  return aspects
    .filter((aspect) => !SUBJECTS[aspect].some((allowed) => allowed === subject))
    .map((aspect) => ({ at: `${at}/${aspect}`, message: `needs ${SUBJECTS[aspect].join(' or ')}` }))
}
