/** What the work gives, or a rejection once the signal is aborted: the work itself goes on. Leaves no listener behind. */
export const untilAborted = async <T>(signal: AbortSignal, reason: () => Error, work: Promise<T>): Promise<T> => {
  let stop = () => {}
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(reason())
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop)
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
