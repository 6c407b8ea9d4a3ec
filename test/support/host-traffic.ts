import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TrafficLine {
  kind: 'delivery' | 'statement' | 'ack' | 'lark'
  text?: string
  connection?: number
  isDispatch?: boolean
  /** Messages that the statement puts into the host's queue. */
  queued?: number
}

/** What a host that was started with its `env` does: every statement, every call to Lark, every delivery and its acknowledgement. */
export class TrafficLog {
  private readonly folder = mkdtempSync(join(tmpdir(), 'plugin-lark-traffic-'))
  private readonly file = join(this.folder, 'traffic.jsonl')

  constructor() {
    this.clear()
  }

  get env(): Record<string, string> {
    const preload = join(__dirname, 'traffic-log.cjs')
    return { NODE_OPTIONS: `--require ${JSON.stringify(preload)}`, TRAFFIC_LOG: this.file }
  }

  clear(): void {
    writeFileSync(this.file, '')
  }

  lines(): TrafficLine[] {
    const written = readFileSync(this.file, 'utf8').trim().split('\n')
    return written.map((line) => JSON.parse(line) as TrafficLine)
  }

  remove(): void {
    rmSync(this.folder, { recursive: true })
  }
}
