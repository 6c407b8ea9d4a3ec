import { inParallel } from '../test/support/in-parallel'
import { OwnerChange, type OwnerChangeReport } from '../test/support/owner-change'
import type { BenchResult, Figure } from './result'
import { quantile } from './support/statistics'

const RUNS = Number(process.env['FAILOVER_RUNS'] ?? 30)
const SIDE_BY_SIDE = Number(process.env['FAILOVER_PARALLEL'] ?? 2)
const INSTANCES = 2
/** The lease is waited for, as it is in production. */
const TALK = { perSecond: 5, messages: 25, isLeaseCut: false }

/** Seconds: the lease and ten more; what a stopping host needs to hand over. */
const LEASE_GAP = 40
const PLANNED_GAP = 2

const WAYS = ['killed', 'paused', 'rolled'] as const
type Way = (typeof WAYS)[number]

/** `report` is left out where the run did not come to its end. */
interface Run {
  way: Way
  report?: OwnerChangeReport
}

/** Two hosts and people who write all the time; then something happens to the host that holds the connection. */
export async function failover(): Promise<BenchResult> {
  const ways = Array.from({ length: RUNS }, (_, index) => WAYS[index % WAYS.length]!)
  // They wait for a lease most of the time; the gap of a planned change is a matter of the processor.
  const waiting = ways.filter((way) => way !== 'rolled')
  const runs = await Promise.all(
    inParallel(
      SIDE_BY_SIDE,
      waiting.map((way) => () => change(way))
    )
  )
  for (const way of ways.filter((each) => each === 'rolled')) runs.push(await change(way))
  return { name: 'failover', figures: figuresOf(runs) }
}

async function change(way: Way): Promise<Run> {
  const began = performance.now()
  try {
    const report = await OwnerChange.run(way, TALK, INSTANCES)
    const seconds = Math.round((performance.now() - began) / 1000)
    tell(`${way}: ${report.messages} messages in ${seconds} s, ${report.gapMs} ms without an owner`)
    for (const each of report.lost) tell(`${way}: lost ${each}`)
    for (const each of report.doubled) tell(`${way}: doubled ${each}`)
    return { way, report }
  } catch (error) {
    tell(`${way}: ${String(error)}`)
    return { way }
  }
}

const tell = (line: string): void => void process.stderr.write(`failover, ${line}\n`)

function figuresOf(runs: readonly Run[]): Figure[] {
  const reports = runs.flatMap(({ report }) => report ?? [])
  const sum = (of: (report: OwnerChangeReport) => number): number =>
    reports.reduce((total, report) => total + of(report), 0)
  const none = { atMost: 0 }
  return [
    { what: 'runs', value: runs.length, unit: '' },
    { what: 'runs without an end', value: runs.length - reports.length, unit: '', goal: none },
    { what: 'messages', value: sum(({ messages }) => messages), unit: '' },
    { what: 'lost', value: sum(({ lost }) => lost.length), unit: '', goal: none },
    { what: 'doubled', value: sum(({ doubled }) => doubled.length), unit: '', goal: none },
    { what: 'interrupted, and seen to be', value: sum(({ interrupted }) => interrupted), unit: '' },
    {
      what: 'runs with other than one connection at the end',
      value: reports.filter(({ connectionsAtTheEnd }) => connectionsAtTheEnd !== 1).length,
      unit: '',
      goal: none
    },
    ...WAYS.flatMap((way) => gapsOf(way, runs))
  ]
}

function gapsOf(way: Way, runs: readonly Run[]): Figure[] {
  const gaps = runs.flatMap((run) => (run.way === way && run.report ? [run.report.gapMs / 1000] : []))
  if (gaps.length === 0) return []
  const what = `${way} (${gaps.length}): without an owner`
  return [
    { what: `${what}, min`, value: quantile(gaps, 0), unit: 's' },
    { what: `${what}, median`, value: quantile(gaps, 0.5), unit: 's' },
    { what: `${what}, p90`, value: quantile(gaps, 0.9), unit: 's' },
    {
      what: `${what}, max`,
      value: quantile(gaps, 1),
      unit: 's',
      goal: { atMost: way === 'rolled' ? PLANNED_GAP : LEASE_GAP }
    }
  ]
}
