import type { Servers } from '../servers'
import { until } from '../until'
import { actions } from './actions'
import { look, type Check } from './expectations'
import type { MessageReport, Noted, ScenarioReport, StepReport } from './report'
import { verbOf, WITHIN_SECONDS, type Expect, type Scenario, type Step } from './scenario'
import { Stage, type Sent } from './stage'

/** Does the steps in their order, on servers that run, until one fails. Faults do not outlive it. */
export async function play(
  scenario: Scenario,
  servers: Servers,
  onStep: (report: StepReport) => void = () => undefined
): Promise<ScenarioReport> {
  const stage = await Stage.open(scenario, servers)
  try {
    const steps: StepReport[] = []
    for (const [index, step] of scenario.steps.entries()) {
      const report = await perform(stage, step, `steps/${index}/${verbOf(step)}`)
      steps.push(report)
      onStep(report)
      if (!report.passed) break
    }
    const messages = await Promise.all(stage.sent.map((sent) => messageReport(stage, sent)))
    return { passed: steps.every(({ passed }) => passed), steps, messages }
  } finally {
    await servers.simulator.clearFaults()
    await stage.close()
  }
}

async function perform(stage: Stage, step: Step, at: string): Promise<StepReport> {
  const startedAt = performance.now()
  const common = { at, step, answers: [] }
  try {
    if ('expect' in step)
      return { ...common, ...(await expecting(stage, step.expect)), ms: performance.now() - startedAt }
    const seen = (await act(stage, step, at)) ?? null
    return { ...common, passed: true, ms: performance.now() - startedAt, seen }
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    const noted = await notes(stage, concerned(stage, step))
    const ms = performance.now() - startedAt
    return { ...common, passed: false, ms, seen: null, failed: { checks: [], problem, noted } }
  }
}

/** The compiler does not see that the action and what it is told belong to one verb. */
function act(stage: Stage, step: Exclude<Step, { expect: Expect }>, at: string): Promise<unknown> {
  const action = actions[verbOf(step) as keyof typeof actions] as (
    stage: Stage,
    told: unknown,
    at: string
  ) => Promise<unknown>
  return action(stage, Object.values(step)[0], at)
}

async function expecting(
  stage: Stage,
  expect: Expect
): Promise<Pick<StepReport, 'passed' | 'seen' | 'failed' | 'answers'>> {
  const { message, withinSeconds = WITHIN_SECONDS } = expect
  const allHold = (all: Check[]): boolean => all.every(({ holds }) => holds)
  const isDecided = (all: Check[]): boolean => allHold(all) || all.some(({ holds, isFixed }) => !holds && isFixed)
  const checks = await until(withinSeconds * 1000, () => look(stage, expect), isDecided)
  const passed = allHold(checks)
  const answers = message === undefined ? [] : await stage.answersTo(stage.message(message))
  if (passed) return { passed, seen: checks, answers }
  const failing = checks.filter(({ holds }) => !holds)
  const noted = await notes(stage, concerned(stage, { expect }))
  return { passed, seen: checks, answers, failed: { checks: failing, noted } }
}

/** The messages that a step is about. */
function concerned({ sent, presses }: Stage, step: Step): Sent[] {
  const { message, answerTo, press, bot } = { ...Object.values(step)[0] } as Record<string, string | undefined>
  if (bot !== undefined) return sent
  const pressedOn = press === undefined ? undefined : presses.get(press)?.answerTo
  return sent.filter((one) => one.id !== undefined && [message, answerTo, pressedOn].includes(one.id))
}

const notes = (stage: Stage, sent: readonly Sent[]): Promise<Noted[]> =>
  Promise.all(
    sent.map(async ({ id, at, messageId }) => ({
      message: id ?? at,
      messageId,
      rows: await stage.rows(messageId)
    }))
  )

async function messageReport(stage: Stage, sent: Sent): Promise<MessageReport> {
  const { id, at, by, to, text, messageId, chatId, sentAt } = sent
  const answers = await stage.answersTo(sent)
  const itself = (await stage.simulator.read(chatId)).find((message) => message.messageId === messageId)
  return {
    ...(id === undefined ? {} : { id }),
    at,
    by,
    to,
    text,
    messageId,
    firstSign: stage.watch.firstSign(messageId, sentAt),
    endMs: stage.watch.endMs(messageId, sentAt),
    answers: answers.map(({ from, type, text: seen, card }) => ({
      from,
      type,
      text: seen,
      buttons: card?.buttons.map((button) => button.text) ?? []
    })),
    reactions: itself?.reactions ?? [],
    outcomes: await stage.outcomes(messageId)
  }
}
