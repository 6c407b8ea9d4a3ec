import type { PressResult } from '../../lark-simulator/client'
import { describeRows } from '../outcome'
import { duration, messageLines, timing } from '../transcript'
import { describePress, describeStep } from './describe'
import type { MessageReport, ScenarioReport, StepReport } from './report'
import { verbOf, type Scenario } from './scenario'

const VERB_WIDTH = 13
const MARGIN = ' '.repeat(VERB_WIDTH + 2)

export const opening = ({ file, about }: Scenario): string => `${file}${about === undefined ? '' : `: ${about}`}\n`

/** One step, as soon as it is done. */
export function stepLines(report: StepReport): string {
  const { step, passed, ms, answers } = report
  const verb = verbOf(step)
  const what = describeStep(step).replaceAll('\n', `\n${MARGIN}`)
  const took = verb === 'expect' && passed ? `  (held after ${duration(ms)})` : ''
  const pressed = 'press' in step && passed ? [MARGIN + describePress(report.seen as PressResult)] : []
  const shown = answers.flatMap((answer) =>
    messageLines(answer, answer.from.length + 2).map((line) => (line ? MARGIN + line : ''))
  )
  return [`  ${verb.padEnd(VERB_WIDTH)}${what}${took}`, ...pressed, ...shown, ...failureLines(report)].join('\n')
}

function failureLines({ at, ms, failed }: StepReport): string[] {
  if (!failed) return []
  const { checks, problem, noted } = failed
  return [
    '',
    `FAILED: ${at} after ${duration(ms)}${problem === undefined ? '' : `: ${problem}`}`,
    ...checks.flatMap(({ key, expected, seen }) => [
      `  ${at}/${key}`,
      `    expected  ${JSON.stringify(expected)}`,
      `    seen      ${JSON.stringify(seen)}`
    ]),
    ...noted.flatMap(({ message, messageId, rows }) => [
      '',
      `What the plugin noted about ${message}:`,
      '',
      describeRows(messageId, rows)
    ])
  ]
}

/** What became of each message, and the verdict. */
export function closing({ passed, steps, messages }: ScenarioReport): string {
  const verdict = passed ? `All ${steps.length} steps passed.` : `Step ${steps.at(-1)?.at} failed.`
  return ['', ...messages.flatMap(outcomeLines), verdict].join('\n')
}

function outcomeLines(message: MessageReport): string[] {
  const { id, at, outcomes } = message
  const ends = outcomes.map(({ state, reason }) => (reason === null ? state : `${state} (${reason})`))
  return [`  ${id ?? at}: ${ends.join(', ') || 'never accepted'}`, `  ${timing(message)}`]
}
