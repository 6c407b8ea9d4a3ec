const BASE_SECONDS = 1
const CAP_SECONDS = 60

export const MAX_ATTEMPTS = 8

/**
 * Seconds until the next attempt: doubling, capped, with full jitter over its upper half.
 * @param random a number in [0, 1)
 */
export const backoffSeconds = (attempt: number, random: number): number => {
  const ceiling = Math.min(CAP_SECONDS, BASE_SECONDS * 2 ** (attempt - 1))
  return ceiling / 2 + (ceiling / 2) * random
}
