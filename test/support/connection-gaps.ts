import { ConnectionSpan } from '../../playground/lark-simulator/client'

/** Milliseconds of the longest time between the first connection and `until` in which none was open. */
export const longestGap = (spans: readonly ConnectionSpan[], until: number): number => {
  let longest = 0
  let coveredUntil = spans[0]?.openedAt ?? until
  for (const { openedAt, closedAt } of [...spans].sort((left, right) => left.openedAt - right.openedAt)) {
    longest = Math.max(longest, openedAt - coveredUntil)
    coveredUntil = Math.max(coveredUntil, closedAt ?? until)
  }
  return Math.max(longest, until - coveredUntil)
}
