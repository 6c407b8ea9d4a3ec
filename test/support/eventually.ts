const EVERY_MS = 25

/**
 * Waits until `check` gives something truthy, and returns it. Throws with the last error, or what was last seen, after
 * `withinMs` of real time.
 */
export async function eventually<T>(
  what: string,
  check: () => Promise<T | null | undefined | false>,
  withinMs = 20_000
): Promise<T> {
  const until = Date.now() + withinMs
  let last: unknown
  for (;;) {
    try {
      const found = await check()
      if (found) return found
      last = found
    } catch (error) {
      last = error
    }
    if (Date.now() > until) throw new Error(`not within ${withinMs} ms: ${what}; last: ${String(last)}`)
    await new Promise((resolve) => {
      setTimeout(resolve, EVERY_MS)
    })
  }
}
