import type { Check } from './expectations'
import type { ScenarioReport, StepReport } from './report'
import { verbOf, type Scenario } from './scenario'

const rounded = (ms: number | undefined): number | null => (ms === undefined ? null : Math.round(ms))

/** The document of --scenario --json. */
export function scenarioJson({ file, about }: Scenario, { passed, steps, messages }: ScenarioReport): object {
  return {
    scenario: file,
    about: about ?? null,
    passed,
    steps: steps.map(stepJson),
    messages: messages.map(({ firstSign, endMs, id, ...message }) => ({
      id: id ?? null,
      ...message,
      firstSign: firstSign ? { what: firstSign.what, ms: rounded(firstSign.ms) } : null,
      endMs: rounded(endMs)
    }))
  }
}

function stepJson({ at, step, passed, ms, seen, failed }: StepReport): object {
  const verb = verbOf(step)
  const told: unknown = Object.values(step)[0]
  return {
    step: at,
    verb,
    ...(verb === 'expect' ? { expected: told } : { said: told }),
    seen: 'expect' in step && Array.isArray(seen) ? seenOf(seen as Check[]) : seen,
    ms: rounded(ms),
    passed,
    ...(failed && {
      failed: failed.checks.map(({ key }) => `${at}/${key}`),
      problem: failed.problem ?? null,
      noted: failed.noted
    })
  }
}

const seenOf = (checks: readonly Check[]): object => Object.fromEntries(checks.map(({ key, seen }) => [key, seen]))
