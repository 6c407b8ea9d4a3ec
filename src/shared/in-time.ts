import { PluginError } from './plugin-error'

/** A statement that takes as long is one on a dead connection: PostgreSQL's client would wait for it for a quarter of an hour. */
export const STATEMENT_MS = 10_000

/** Nobody waits for it any more. It may still do what it was to do. */
export class TimedOutError extends PluginError<'timed_out'> {
  constructor(what: string, limitMs: number) {
    super('timed_out', `${what} did not end in ${limitMs} ms`, { details: { limitMs } })
  }
}

/** As the work ends, or with a `TimedOutError` after `limitMs`; how it ends later is ignored. Leaves no timer behind. */
export const inTime = async <T>(limitMs: number, what: string, work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimedOutError(what, limitMs)), limitMs)
    timer.unref()
  })
  try {
    return await Promise.race([work, limit])
  } finally {
    clearTimeout(timer)
  }
}
