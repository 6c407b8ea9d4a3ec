import { ConnectionRow } from './connection-lease'

/** How many connections one of the living instances should hold at most. */
export const fairShare = (apps: number, living: number): number => Math.ceil(apps / Math.max(1, living))

/** Which of the held apps are offered to the others: the same ones in every round, as long as there are too many. */
export const excessOf = (held: readonly string[], share: number): Set<string> =>
  new Set([...held].sort().slice(Math.max(0, share)))

/**
 * Which apps an instance takes that holds `held` of them: all that nobody holds or whose owner stops, and of those that are
 * offered for balance only up to its share.
 */
export const takeable = (
  wanted: readonly string[],
  rows: ReadonlyMap<string, ConnectionRow>,
  { held, share, me }: { held: number; share: number; me: string }
): string[] => {
  const isFree = (appKey: string): boolean => {
    const row = rows.get(appKey)
    // One of this very instance's: the answer to its claim was lost.
    return !row?.isHeld || row.offered === 'stop' || row.owner === me
  }
  const free = wanted.filter(isFree)
  const offered = wanted.filter((appKey) => !isFree(appKey) && rows.get(appKey)?.offered === 'balance')
  return [...free, ...offered.sort().slice(0, Math.max(0, share - held - free.length))]
}
