import { OwnerChange, type OwnerChangeReport } from '../test/support/owner-change'
import type { BenchResult, Figure } from './result'
import { median, quantile } from './support/statistics'

/** In all; spread over the ways. */
const RUNS = Number(process.env['FAILOVER_RUNS'] ?? 30)

/** The real lease; few enough messages that two hosts, Lark and PostgreSQL keep up on two cores. */
const LOAD = { perSecond: 5, messages: 25, isLeaseCut: false }

/** Issue C: lease and ten seconds; a planned hand-over; a paused owner leaves its socket open, so there is no gap to bound. */
const GAP_LIMITS_S = { killed: 40, paused: undefined, rolled: 2 } as const

type Way = keyof typeof GAP_LIMITS_S

/** The instance that holds the long connection goes away while people write, again and again. */
export async function failover(): Promise<BenchResult> {
  const ways = Object.keys(GAP_LIMITS_S) as Way[]
  const reports: Record<Way, OwnerChangeReport[]> = { killed: [], paused: [], rolled: [] }
  for (let run = 0; run < RUNS; run += 1) {
    const way = ways[run % ways.length]!
    const report = await OwnerChange.run(way, LOAD)
    reports[way].push(report)
    const { messages, lost, interrupted, doubled, gapMs } = report
    const told = JSON.stringify({ messages, lost, interrupted, doubled, gapMs })
    process.stdout.write(`run ${run + 1} of ${RUNS}, ${way}: ${told}\n`)
  }
  const figures = ways.filter((way) => reports[way].length > 0).flatMap((way) => figuresOf(way, reports[way]))
  return { name: 'failover', figures }
}

function figuresOf(way: Way, reports: readonly OwnerChangeReport[]): Figure[] {
  const sum = (of: (report: OwnerChangeReport) => number): number => reports.reduce((all, one) => all + of(one), 0)
  const gaps = reports.map(({ gapMs }) => gapMs / 1_000)
  const limit = GAP_LIMITS_S[way]
  const what = `${way}, ${reports.length} runs`
  return [
    { what: `${what}: messages`, value: sum(({ messages }) => messages), unit: '' },
    { what: `${what}: lost`, value: sum(({ lost }) => lost.length), unit: '', goal: { atMost: 0 } },
    { what: `${what}: doubled`, value: sum(({ doubled }) => doubled.length), unit: '', goal: { atMost: 0 } },
    { what: `${what}: runs that died with their host`, value: sum(({ interrupted }) => interrupted), unit: '' },
    {
      what: `${what}: most connections at the end`,
      value: Math.max(...reports.map(({ connectionsAtTheEnd }) => connectionsAtTheEnd)),
      unit: '',
      goal: { atMost: 1 }
    },
    { what: `${what}: without a connection, shortest`, value: Math.min(...gaps), unit: 's' },
    { what: `${what}: without a connection, median`, value: median(gaps), unit: 's' },
    { what: `${what}: without a connection, p90`, value: quantile(gaps, 0.9), unit: 's' },
    {
      what: `${what}: without a connection, longest`,
      value: Math.max(...gaps),
      unit: 's',
      ...(limit === undefined ? {} : { goal: { atMost: limit } })
    }
  ]
}
