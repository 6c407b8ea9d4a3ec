import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { startPostgres } from '../playground/postgres'
import { ack } from './ack/ack'
import { failover } from './failover'
import { firstSign } from './first-sign'
import { message } from './message'
import { holds, tableOf, type BenchResult } from './result'
import { soak } from './soak/soak'
import { start } from './start'
import { stream } from './stream/stream'
import { throughput } from './throughput'
import { views } from './views'
import { window } from './window'

/** Each on a database of its own; what it measures and how is in README.md beside this file. */
const BENCHMARKS: Record<string, () => Promise<BenchResult>> = {
  ack,
  message,
  'first-sign': firstSign,
  throughput,
  stream,
  window,
  failover,
  soak,
  views,
  start
}

const USAGE = `Usage: npm run bench [-- NAME ...] [--json FILE]

  NAME         ${Object.keys(BENCHMARKS).join(', ')}; all of them when none is named
  --json FILE  writes the results there too

Exit code 0: every goal was met; 1: one was missed, and the table says which.`

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'string' }, help: { type: 'boolean', short: 'h' } }
  })
  const unknown = positionals.filter((name) => !BENCHMARKS[name])
  if (values.help || unknown.length > 0) {
    console.log(unknown.length > 0 ? `There is no benchmark ${unknown.join(', ')}.\n\n${USAGE}` : USAGE)
    return unknown.length > 0 ? 2 : 0
  }
  const postgres = await startPostgres()
  process.env.DATABASE_URL = postgres.url
  try {
    const results: BenchResult[] = []
    for (const name of positionals.length > 0 ? positionals : Object.keys(BENCHMARKS)) {
      const result = await BENCHMARKS[name]!()
      console.log(`\n${tableOf(result)}`)
      results.push(result)
      if (values.json) writeFileSync(values.json, JSON.stringify(results, null, 2))
    }
    return results.every(({ figures }) => figures.every(holds)) ? 0 : 1
  } finally {
    await postgres.stop()
  }
}

void main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error)
    process.exit(1)
  }
)
