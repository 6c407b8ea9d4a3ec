import { ConnectionSpan } from '../../playground/lark-simulator/client'

/** Milliseconds of the longest time between `from` and `until` in which no connection was open. */
export const longestGap = (spans: readonly ConnectionSpan[], from: number, until: number): number => {
  let longest = 0
  let coveredUntil = from
  for (const { openedAt, closedAt } of [...spans].sort((left, right) => left.openedAt - right.openedAt)) {
    longest = Math.max(longest, openedAt - coveredUntil)
    coveredUntil = Math.max(coveredUntil, closedAt ?? until)
  }
  return Math.max(longest, until - coveredUntil)
}
