import type { SeenMessage } from '../../lark-simulator/client'
import type { Expect } from './scenario'
import type { Outcome, Sent, Stage } from './stage'

/** One key of an expectation, compared. */
export interface Check {
  key: keyof Expect
  expected: unknown
  seen: unknown
  holds: boolean
  /** No waiting makes it hold. */
  isFixed?: boolean
}

/** Compares all that is expected with what is there now. */
export async function look(stage: Stage, expect: Expect): Promise<Check[]> {
  const checks = [
    ...(expect.message === undefined ? [] : await ofMessage(stage, expect, stage.message(expect.message))),
    ...(expect.press === undefined ? [] : ofPress(stage, expect).map((check) => ({ ...check, isFixed: true }))),
    ...(expect.bot === undefined ? [] : await ofBot(stage, expect, expect.bot))
  ]
  if (expect.violations !== undefined) {
    const seen = await stage.simulator.violations()
    checks.push({ key: 'violations', expected: expect.violations, seen, holds: seen.length === 0, isFixed: true })
  }
  return checks
}

async function ofMessage(stage: Stage, expect: Expect, sent: Sent): Promise<Check[]> {
  const isCounted = expect.answers !== undefined || expect.messages !== undefined
  // First, so that what is counted was there when everything was over.
  const isQuiet = isCounted && (await stage.isQuiet())
  const outcomes = await stage.outcomes(sent.messageId)
  const messages = await stage.simulator.read(sent.chatId)
  const fromBots = messages.filter(({ fromBot, recalled }) => fromBot && !recalled)
  const answers = fromBots.filter(({ replyTo }) => replyTo === sent.messageId)
  return [
    ...ofText(expect, answers.map(({ text }) => text).join('\n\n')),
    ...ofButtons(expect, answers),
    ...count('answers', expect, answers.length, isQuiet),
    ...count('messages', expect, fromBots.length, isQuiet),
    ...ofReaction(
      expect,
      messages.find(({ messageId }) => messageId === sent.messageId)
    ),
    ...ofOutcome(expect, outcomes)
  ]
}

function ofPress(stage: Stage, expect: Expect): Check[] {
  const result = stage.presses.get(String(expect.press))?.result
  const toast = result?.toast
  const checks = ofText(expect, toast?.content ?? '')
  if (expect.toast !== undefined)
    checks.push({ key: 'toast', expected: expect.toast, seen: toast, holds: toast?.type === expect.toast })
  if (expect.errorCode !== undefined) {
    const seen = result?.errorCode
    checks.push({ key: 'errorCode', expected: expect.errorCode, seen, holds: seen === expect.errorCode })
  }
  return checks
}

async function ofBot(stage: Stage, expect: Expect, bot: string): Promise<Check[]> {
  const isQuiet = await stage.isQuiet()
  const runs = await stage.session.runs(stage.bot(bot).expertId)
  const conversations = new Set(runs.map(({ conversationId }) => conversationId))
  return [
    ...count('runs', expect, runs.length, isQuiet),
    ...count('conversations', expect, conversations.size, isQuiet)
  ]
}

function ofText(expect: Expect, seen: string): Check[] {
  const { text, includes, excludes, matches } = expect
  const checks: Check[] = []
  const check = (key: keyof Expect, holds: boolean): void =>
    void checks.push({ key, expected: expect[key], seen, holds })
  if (text !== undefined) check('text', seen === text)
  if (includes !== undefined)
    check(
      'includes',
      [includes].flat().every((part) => seen.includes(part))
    )
  if (excludes !== undefined)
    check(
      'excludes',
      [excludes].flat().every((part) => !seen.includes(part))
    )
  if (matches !== undefined) check('matches', new RegExp(matches).test(seen))
  return checks
}

function ofButtons({ buttons }: Expect, answers: readonly SeenMessage[]): Check[] {
  if (buttons === undefined) return []
  const seen = answers.flatMap(({ card }) => card?.buttons.map(({ text }) => text) ?? [])
  return [{ key: 'buttons', expected: buttons, seen, holds: String(buttons) === String(seen) }]
}

function ofReaction({ reaction }: Expect, message: SeenMessage | undefined): Check[] {
  if (reaction === undefined) return []
  const seen = message?.reactions ?? []
  return [{ key: 'reaction', expected: reaction, seen, holds: seen.some(({ emoji }) => emoji === reaction) }]
}

function ofOutcome({ state, reason }: Expect, seen: readonly Outcome[]): Check[] {
  const holds = seen.some(
    (outcome) => (state ?? outcome.state) === outcome.state && (reason ?? outcome.reason) === outcome.reason
  )
  return [
    ...(state === undefined ? [] : [{ key: 'state' as const, expected: state, seen, holds }]),
    ...(reason === undefined ? [] : [{ key: 'reason' as const, expected: reason, seen, holds }])
  ]
}

/** A number of things that may still become more says nothing. */
function count(
  key: 'answers' | 'messages' | 'runs' | 'conversations',
  expect: Expect,
  seen: number,
  isQuiet: boolean
): Check[] {
  const expected = expect[key]
  if (expected === undefined) return []
  return [
    { key, expected, seen: isQuiet ? seen : `${seen}, and something is under way`, holds: isQuiet && seen === expected }
  ]
}
