import { existsSync, readdirSync } from 'node:fs'
import { setTimeout as pace } from 'node:timers/promises'
import type { XpertHost } from '../../playground/xpert-host/client'
import type { Figure } from '../result'
import { median } from '../support/statistics'

const EVERY_MS = 10_000
const MIB = 1024 * 1024

/** What a process may hold more of at the end than after its warm-up: a tenth, and what one busy moment makes. */
const GROWTH = 1.1
const MORE_MIB = 4
const MORE_HANDLES = 4

interface Sample {
  heapMiB: number
  /** Left out where the system does not show them. */
  descriptors?: number
  resources: number
}

/** Looks at a process every ten seconds: after a garbage collection, so that garbage does not count. */
export class ProcessWatch {
  private readonly samples: Sample[] = []

  constructor(private readonly host: XpertHost) {}

  async run(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      this.samples.push(await this.look())
      await pace(EVERY_MS)
    }
  }

  get latest(): string {
    const { heapMiB, descriptors, resources } = this.samples.at(-1)!
    return `${heapMiB.toFixed(1)} MiB, ${descriptors ?? 'unknown'} descriptors, ${resources} resources`
  }

  figures(): Figure[] {
    const heap = this.samples.map(({ heapMiB }) => heapMiB)
    const descriptors = this.samples.flatMap((sample) => sample.descriptors ?? [])
    const resources = this.samples.map((sample) => sample.resources)
    return [
      ...flat('heap', 'MiB', heap, MORE_MIB),
      ...(descriptors.length > 0 ? flat('open descriptors', '', descriptors, MORE_HANDLES) : []),
      ...flat('active resources', '', resources, MORE_HANDLES)
    ]
  }

  private async look(): Promise<Sample> {
    const { heapUsed, external, resources } = await this.host.memory()
    const folder = `/proc/${this.host.pid}/fd`
    const descriptors = existsSync(folder) ? readdirSync(folder).length : undefined
    return { heapMiB: (heapUsed + external) / MIB, descriptors, resources }
  }
}

/** The first quarter is the warm-up: caches fill, code is compiled, pools open. */
function flat(what: string, unit: string, values: readonly number[], more: number): Figure[] {
  const quarter = (index: number): number =>
    median(values.slice(Math.floor((index * values.length) / 4), Math.floor(((index + 1) * values.length) / 4)))
  const warm = quarter(1)
  const goal = { atMost: Math.round(GROWTH * warm + more) }
  return [
    { what: `${what}, median of the second quarter`, value: warm, unit },
    { what: `${what}, median of the last quarter`, value: quarter(3), unit, goal }
  ]
}
