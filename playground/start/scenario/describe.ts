import type { PressResult } from '../../lark-simulator/client'
import type { Expect, Step, Verb, Verbs } from './scenario'
import { verbOf } from './scenario'

const named = ({ id }: { id?: string }): string => (id === undefined ? '' : `  (${id})`)
const rest = (told: object): string =>
  Object.entries(told)
    .map(
      ([key, value]) => `${key} ${typeof value === 'string' && /^[\w.-]+$/.test(value) ? value : JSON.stringify(value)}`
    )
    .join(', ')

const sentences: { [V in Verb]: (told: Verbs[V]) => string } = {
  say: ({ by, to, text, ...more }) => `${by} to ${to}: ${text}${named(more)}`,
  send: ({ by, to, file, ...more }) => `${by} to ${to}: [${file}]${named(more)}`,
  press: ({ by, answerTo, button, ...more }) => `${by} presses "${button}" in the answer to ${answerTo}${named(more)}`,
  react: ({ by, message, answerTo, emoji }) =>
    `${by} puts ${emoji} on ${answerTo === undefined ? message : `the answer to ${answerTo}`}`,
  recall: ({ message }) => `${message} is taken back`,
  fault: ({ on, bot, ...more }) => `${on}${bot === undefined ? '' : ` of ${bot}`}: ${rest(more)}`,
  clearFaults: () => 'no faults from now on',
  redeliver: ({ message, ...more }) => `Lark delivers ${message} again${rest(more) && `: ${rest(more)}`}`,
  restart: ({ kill }) => (kill ? 'the host is killed; another starts' : 'the host stops; another starts'),
  advance: ({ seconds }) => `${seconds} s later`,
  expect: expectation
}

/** The step in one line. */
export const describeStep = (step: Step): string =>
  // The compiler does not see that the sentence and what is told belong to one verb.
  (sentences[verbOf(step)] as (told: unknown) => string)(Object.values(step)[0])

function expectation({ message, press, bot, withinSeconds: _limit, ...aspects }: Expect): string {
  const subject = message ?? press ?? bot
  return `${subject === undefined ? '' : `${subject}: `}${rest(aspects)}`
}

/** What Lark's client shows to who pressed a button. */
export function describePress({ toast, errorCode }: PressResult): string {
  if (errorCode !== undefined) return `Lark shows error ${errorCode}`
  return toast ? `Lark shows: ${toast.content} (${toast.type})` : 'Lark shows nothing'
}
