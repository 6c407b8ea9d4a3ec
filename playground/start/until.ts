const LOOK_EVERY_MS = 50

/** Looks until what is seen is enough or `limitMs` of real time are over; answers what was seen last. */
export async function until<T>(limitMs: number, look: () => Promise<T>, isEnough: (seen: T) => boolean): Promise<T> {
  const end = performance.now() + limitMs
  for (;;) {
    const seen = await look()
    if (isEnough(seen) || performance.now() > end) return seen
    await new Promise((resolve) => {
      setTimeout(resolve, LOOK_EVERY_MS)
    })
  }
}
