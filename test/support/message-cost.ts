import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from './eventually'
import { Bot, World } from './world'

interface Line {
  kind: 'statement' | 'ack' | 'lark'
  text?: string
  connection?: number
  isDispatch?: boolean
  /** Messages that the statement puts into the host's queue. */
  queued?: number
}

export interface MessageCost {
  /** SQL of ours, up to the stored event, up to the dispatch, and of the whole turn. */
  beforeAck: string[]
  toDispatch: string[]
  statements: string[]
  /** Calls to Lark before the dispatch, and of the whole turn. */
  callsToDispatch: string[]
  calls: string[]
  /** To the host's queue: the dispatch, and each event of the run that it delivers. */
  queueMessages: number
  /** The database's write-ahead log meanwhile, the host's own writes included. */
  walBytes: number
}

/** Ours, and the transaction control around them; what the host does for itself is not. */
const ours = (lines: readonly Line[]): string[] => {
  const mentions = (line: Line): boolean => line.text?.includes('plugin_lark_') === true
  const opened = new Map<number, Line>()
  const counted = new Set<Line>()
  for (const line of lines) {
    const { text = '', connection = 0 } = line
    const opening = opened.get(connection)
    if (text.startsWith('START TRANSACTION')) opened.set(connection, line)
    else if (mentions(line)) {
      counted.add(line)
      if (opening) counted.add(opening)
    } else if (text === 'COMMIT') {
      if (opening && counted.has(opening)) counted.add(line)
      opened.delete(connection)
    }
  }
  return lines
    .filter((line) => counted.has(line))
    .map(({ text = '' }) => text.replace(/\s+/g, ' ').trim())
    .filter((text) => !isRound(text))
}

/** The worker's looks into an empty inbox, and the rounds of the watch, are no message's. */
const isRound = (text: string): boolean =>
  /plugin_lark_(instance|job|connection)\b|^SELECT integration_id AS id FROM|WITH taken AS|turn\.applied_sequence AND event\.received_at|received_at < now\(\)/.test(
    text
  )

const isClaim = (text: string): boolean => text.startsWith('WITH front')

/** What one direct message costs, warm, on one instance over the webhook: every statement and every call is written down. */
export class CostMeter {
  private readonly folder = mkdtempSync(join(tmpdir(), 'plugin-lark-costs-'))
  private readonly file = join(this.folder, 'traffic.jsonl')
  private world!: World
  private bot!: Bot
  private userId!: string

  /** An expert whose twenty pieces come at once; two messages have been answered when it is ready. */
  async start(): Promise<void> {
    writeFileSync(this.file, '')
    this.world = await World.create()
    const preload = join(__dirname, 'traffic-log.cjs')
    await this.world.startHost({
      env: { NODE_OPTIONS: `--require ${JSON.stringify(preload)}`, TRAFFIC_LOG: this.file }
    })
    const answer = { kind: 'stream', text: 'You said: {input}. That is the whole answer.', deltas: 20 } as const
    this.bot = await this.world.hire('webhook', answer, { scopes: ['cardkit:card:write'] })
    this.userId = (await this.world.person()).userId
    for (const text of ['warm', 'warmer']) await this.ask(text)
  }

  /** The cheapest of three: a busy machine delivers late what comes at once, and only ever adds. */
  async leastOf(text: string): Promise<MessageCost> {
    const costs = [await this.measure(text), await this.measure(text), await this.measure(text)]
    return costs.reduce((least, cost) => (cost.statements.length < least.statements.length ? cost : least))
  }

  async measure(text: string): Promise<MessageCost> {
    writeFileSync(this.file, '')
    const before = await this.walPosition()
    await this.ask(text)
    await this.world.lark.settled()
    const walBytes = (await this.walPosition()) - before
    const lines = this.lines()
    const dispatch = lines.findIndex(({ isDispatch }) => isDispatch)
    const accept = lines.findIndex((line) => line.text?.includes('INSERT INTO plugin_lark_inbound_event'))
    if (lines.findIndex(({ kind }) => kind === 'ack') < 0 || dispatch < 0) throw new Error('nothing was dispatched')
    const toDispatch = ours(lines.slice(0, dispatch))
    return {
      beforeAck: ours(lines.slice(0, accept + 1)),
      // A look that found the lane empty once more.
      toDispatch: toDispatch.filter((each, place) => !isClaim(each) || toDispatch.findIndex(isClaim) === place),
      statements: ours(lines),
      callsToDispatch: callsOf(lines.slice(0, dispatch)),
      calls: callsOf(lines),
      queueMessages: lines.reduce((sum, { queued = 0 }) => sum + queued, 0),
      walBytes
    }
  }

  async end(): Promise<void> {
    await this.world.end()
    rmSync(this.folder, { recursive: true })
  }

  private async ask(text: string): Promise<void> {
    const { messageId } = await this.world.lark.say({ userId: this.userId, appId: this.bot.app.appId, text })
    await eventually('the outcome is written', async () => (await this.world.row(messageId))?.state === 'answered')
  }

  private async walPosition(): Promise<number> {
    const [row] = await this.world.database.query<{ at: number }>(
      `SELECT (pg_current_wal_insert_lsn() - '0/0')::float8 AS at`
    )
    return row!.at
  }

  private lines(): Line[] {
    const written = readFileSync(this.file, 'utf8').trim().split('\n')
    return written.map((line) => JSON.parse(line) as Line)
  }
}

const callsOf = (lines: readonly Line[]): string[] =>
  lines.filter(({ kind }) => kind === 'lark').map(({ text = '' }) => text)
