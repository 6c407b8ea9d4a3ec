const PARENT_LOOK_EVERY_MS = 1000
/** The terminal signals the whole group and npm passes its signal on: one Ctrl-C arrives twice. */
const SAME_KEY_PRESS_MS = 1000

/**
 * Resolves with an exit code when the process is asked to leave: Ctrl-C, SIGTERM, SIGHUP, or npm gone without a word. A second
 * Ctrl-C does not wait for anything: the servers die with this process.
 */
export function onLeave(): Promise<number> {
  return new Promise((resolve) => {
    let askedAt: number | undefined
    const leave = (): void => {
      if (askedAt !== undefined && performance.now() - askedAt > SAME_KEY_PRESS_MS) process.exit(1)
      askedAt ??= performance.now()
      resolve(0)
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, leave)
    // A killed npm passes no signal on; its shell may even stay between the two.
    const parent = process.ppid
    if (process.env.npm_lifecycle_event) {
      setInterval(() => {
        if (process.ppid !== parent && askedAt === undefined) leave()
      }, PARENT_LOOK_EVERY_MS).unref()
    }
  })
}
