import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { HandoffMessage } from '../../src/host'

/** Callback sequences of a real host; they live beside the checkout. */
const folder = join(__dirname, '..', '..', '..', 'shared', 'facts', 'recordings')

export interface RecordedRun {
  /** File name and the place of the dispatch in it. */
  name: string
  /** In order of arrival. */
  messages: HandoffMessage[]
}

const linesOf = (file: string): { message: HandoffMessage }[] =>
  readFileSync(join(folder, file), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { message: HandoffMessage })

const attemptOf = (message: HandoffMessage): string => (message.payload as { sourceMessageId: string }).sourceMessageId

/** Every dispatch of every recording; empty where the recordings are not there. */
export const recordedRuns = (): RecordedRun[] => {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .sort()
    .flatMap((file) => {
      const byAttempt = new Map<string, HandoffMessage[]>()
      for (const { message } of linesOf(file))
        byAttempt.set(attemptOf(message), [...(byAttempt.get(attemptOf(message)) ?? []), message])
      return [...byAttempt.values()].map((messages, index) => ({ name: `${file} ${index + 1}`, messages }))
    })
}

/** Runs `tests` with the recordings; where they are not there, one skipped test says so. */
export const withRecordings = (tests: (runs: RecordedRun[]) => void): void => {
  const runs = recordedRuns()
  if (runs.length > 0) return tests(runs)
  it.skip('SKIPPED: the recordings of a real host are not beside this checkout (shared/facts/recordings)', () =>
    undefined)
}
