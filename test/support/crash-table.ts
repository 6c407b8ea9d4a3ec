import { CrashTally } from './crash-cell'

const COLUMNS = ['point', 'transport', 'crashes', 'messages', 'lost', 'doubled', 'extraRuns'] as const

/** The figures as lines of text, one per point. */
export const crashTable = (tallies: readonly CrashTally[]): string => {
  const lines = [COLUMNS.map(String), ...tallies.map((tally) => COLUMNS.map((column) => String(tally[column])))]
  const widths = COLUMNS.map((_, index) => Math.max(...lines.map((line) => line[index]!.length)))
  return lines.map((line) => line.map((cell, index) => cell.padEnd(widths[index]!)).join('  ')).join('\n')
}
