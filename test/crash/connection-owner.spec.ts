import { OwnerChange, OwnerChangeReport } from '../support/owner-change'

/** Lease, a round, and a connect on a busy machine. */
const KILLED_WITHIN_MS = 40_000
const PLANNED_WITHIN_MS = 2_000

const RUNS = Number(process.env['OWNER_RUNS'] ?? 5)
const LONG = { perSecond: 20, messages: 200, isLeaseCut: false }

describe('20 messages a second, and the owner of the long connection', () => {
  const show = (how: string, reports: readonly OwnerChangeReport[]) => {
    const gaps = reports.map(({ gapMs }) => gapMs).sort((left, right) => left - right)
    const messages = reports.reduce((sum, report) => sum + report.messages, 0)
    const lost = reports.flatMap((report) => report.lost)
    const doubled = reports.flatMap((report) => report.doubled)
    const interrupted = reports.reduce((sum, report) => sum + report.interrupted, 0)
    const figures = { how, runs: reports.length, messages, gaps, lost, interrupted, doubled }
    process.stdout.write(`\n${JSON.stringify(figures)}\n`)
  }
  const repeat = async (how: 'killed' | 'paused' | 'rolled', instances: number): Promise<OwnerChangeReport[]> => {
    const reports: OwnerChangeReport[] = []
    for (let run = 0; run < RUNS; run += 1) reports.push(await OwnerChange.run(how, LONG, instances))
    show(`${how}, ${instances} instances`, reports)
    return reports
  }

  it.each([2, 3])('is killed, among %d instances: replaced within lease + 10 s', async (instances) => {
    for (const report of await repeat('killed', instances)) {
      expect(report).toMatchObject({ lost: [], doubled: [], connectionsAtTheEnd: 1 })
      expect(report.gapMs).toBeLessThan(KILLED_WITHIN_MS)
    }
  })

  it.each([2, 3])('is paused for two lease times, among %d instances', async (instances) => {
    for (const report of await repeat('paused', instances)) {
      expect(report).toMatchObject({ lost: [], doubled: [], connectionsAtTheEnd: 1 })
    }
  })

  it.each([2, 3])(
    'is replaced in a rolling restart of %d instances: without an owner for less than 2 s',
    async (instances) => {
      for (const report of await repeat('rolled', instances)) {
        expect(report).toMatchObject({ lost: [], doubled: [], connectionsAtTheEnd: 1 })
        expect(report.gapMs).toBeLessThan(PLANNED_WITHIN_MS)
      }
    }
  )
})
