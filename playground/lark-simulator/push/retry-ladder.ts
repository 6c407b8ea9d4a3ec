/** Waits between the attempts of an event that was not acknowledged; virtual time. Callbacks are never repeated. */
export const RETRY_DELAYS_MS = [15_000, 5 * 60_000, 60 * 60_000, 6 * 60 * 60_000]

/** How long to wait after the given attempt (first = 1) failed; undefined = given up. */
export const delayAfterAttempt = (attempt: number): number | undefined => RETRY_DELAYS_MS[attempt - 1]
