import { LarkApiError, LarkReaction } from '../lark'

const MOST_ATTEMPTS = 5
const FIRST_MS = 500

const PASSING: ReadonlySet<LarkReaction> = new Set(['slow_down', 'retry', 'unknown_outcome'])

/** Lark has not said no. Lists are only read, so whatever was not heard may be asked again. */
export const isPassing = (error: unknown): error is LarkApiError =>
  error instanceof LarkApiError && PASSING.has(error.code)

const waitMsAfter = (error: unknown, attempt: number): number | null => {
  if (!isPassing(error) || attempt >= MOST_ATTEMPTS) return null
  return error.code === 'slow_down' ? (error.retryAfterMs ?? 1_000) : FIRST_MS * 2 ** (attempt - 1)
}

/** Waits; resolves early when `signal` is aborted. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })

/** Asks again after a rate limit or a fault of the network, as long as `signal` lets it. Throws the last error. */
export const patiently = async <T>(signal: AbortSignal, call: () => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call()
    } catch (error) {
      const waitMs = waitMsAfter(error, attempt)
      if (waitMs === null || signal.aborted) throw error
      await pause(waitMs, signal)
      if (signal.aborted) throw error
    }
  }
}
