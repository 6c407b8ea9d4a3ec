/** Starts the tasks in order, at most `limit` at a time; every task's own promise is returned at once. */
export const inParallel = <T>(limit: number, tasks: readonly (() => Promise<T>)[]): Promise<T>[] => {
  const running = new Set<Promise<unknown>>()
  let turn: Promise<unknown> = Promise.resolve()
  return tasks.map((task) => {
    const started = turn.then(async () => {
      while (running.size >= limit) await Promise.race(running)
      const work = task()
      const ended: Promise<unknown> = work
        .catch(() => undefined)
        .finally(() => {
          running.delete(ended)
        })
      running.add(ended)
      return { work }
    })
    turn = started
    const result = started.then(({ work }) => work)
    // Whoever awaits it later still sees it fail; until then it is nobody's unhandled rejection.
    result.catch(() => undefined)
    return result
  })
}
