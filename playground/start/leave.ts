import { existsSync, readFileSync } from 'node:fs'

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
    if (!process.env.npm_lifecycle_event) return
    const started = ancestors()
    setInterval(() => {
      if (ancestors() !== started && askedAt === undefined) leave()
    }, PARENT_LOOK_EVERY_MS).unref()
  })
}

/** Our parent and its parent: npm runs scripts in a shell, which does not pass signals on and may outlive a killed npm. */
function ancestors(): string {
  const stat = `/proc/${process.ppid}/stat`
  try {
    // The second field is the name in parentheses and may contain anything; the fourth is the parent.
    const fields = existsSync(stat)
      ? readFileSync(stat, 'utf8')
          .replace(/^.*\) /s, '')
          .split(' ')
      : []
    return `${process.ppid} ${fields[1] ?? ''}`
  } catch {
    return `${process.ppid} gone`
  }
}
