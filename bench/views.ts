import { LargeTables } from '../test/support/large-tables'
import { LARGE_VIEWS, ROWS_AT_MOST, STATEMENTS_AT_MOST, type LargeView } from '../test/support/large-views'
import type { BenchResult, Figure } from './result'
import { median } from './support/statistics'

const TIMES = 5

interface Look {
  view: LargeView
  statements: number
  /** Tables that no index leads to. */
  scanned: string[]
  rowsRead?: number
  ms: number
}

/** Counts, so one look tells them; the tests assert the same limits (test/integration/views-at-scale.spec.ts). */
export async function views(): Promise<BenchResult> {
  const tables = await LargeTables.fill()
  try {
    const looks: Look[] = []
    for (const view of LARGE_VIEWS) looks.push(await lookAt(tables, view))
    return { name: 'views', figures: figuresOf(looks) }
  } finally {
    await tables.end()
  }
}

async function lookAt(tables: LargeTables, view: LargeView): Promise<Look> {
  tables.forget()
  await view.read(tables.dataSource)
  const statements = [...tables.statements]
  const scanned: string[] = []
  for (const statement of statements) scanned.push(...(await tables.wholeScans(statement)))
  const rowsRead = view.pageOf ? await tables.rowsRead(statements[0]!, view.pageOf) : undefined
  return { view, statements: statements.length, scanned, rowsRead, ms: await timeOf(tables, view) }
}

async function timeOf({ dataSource }: LargeTables, view: LargeView): Promise<number> {
  const times: number[] = []
  for (let count = 0; count < TIMES; count += 1) {
    const began = performance.now()
    await view.read(dataSource)
    times.push(performance.now() - began)
  }
  return median(times)
}

function figuresOf(looks: readonly Look[]): Figure[] {
  const name = ({ view }: Look): string => `${view.tab}, ${view.what}`
  const tabs = [...new Set(looks.map(({ view }) => view.tab))]
  return [
    ...looks.map((look) => ({
      what: `${name(look)}: statements`,
      value: look.statements,
      unit: '',
      goal: { atMost: STATEMENTS_AT_MOST }
    })),
    ...looks
      .filter(({ rowsRead }) => rowsRead !== undefined)
      .map((look) => ({
        what: `${name(look)}: rows read for the page`,
        value: look.rowsRead!,
        unit: '',
        goal: { atMost: ROWS_AT_MOST }
      })),
    {
      what: 'tables that no index leads to',
      value: looks.flatMap(({ scanned }) => scanned).length,
      unit: '',
      goal: { atMost: 0 }
    },
    ...tabs.map((tab) => ({
      what: `${tab}: the slowest of these`,
      value: Math.max(...looks.filter(({ view }) => view.tab === tab).map(({ ms }) => ms)),
      unit: 'ms'
    }))
  ]
}
