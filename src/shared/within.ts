/** Resolves when the work has ended, however it ended, or after `limitMs`, whichever comes first. Leaves no timer behind. */
export const within = async (limitMs: number, work: Promise<unknown>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs)
  })
  await Promise.race([Promise.allSettled([work]), limit])
  clearTimeout(timer)
}
