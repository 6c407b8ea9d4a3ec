/** One measured figure. `goal` bounds it; without one it is only reported. */
export interface Figure {
  what: string
  value: number
  unit: string
  goal?: { atLeast: number } | { atMost: number }
  /** The public plugin's figure on the same work, where there is one. */
  public?: string
}

export interface BenchResult {
  name: string
  figures: Figure[]
}

export const holds = ({ value, goal }: Figure): boolean =>
  !goal || ('atLeast' in goal ? value >= goal.atLeast : value <= goal.atMost)

const goalText = ({ goal }: Figure): string =>
  goal ? ('atLeast' in goal ? `>= ${goal.atLeast}` : `<= ${goal.atMost}`) : ''

const rounded = (value: number): string =>
  Number.isInteger(value) ? String(value) : value.toFixed(Math.abs(value) < 10 ? 2 : 0)

/** Columns of a terminal; the last one says which goals were missed. */
export const tableOf = ({ name, figures }: BenchResult): string => {
  const rows = figures.map((figure) => [
    figure.what,
    `${rounded(figure.value)} ${figure.unit}`.trim(),
    goalText(figure),
    figure.public ?? '',
    holds(figure) ? '' : 'MISSED'
  ])
  const all = [[name, 'measured', 'goal', 'public plugin', ''], ...rows]
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)))
  return all
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column]!))
        .join('  ')
        .trimEnd()
    )
    .join('\n')
}
