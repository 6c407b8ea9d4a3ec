import { eventually } from './eventually'
import { TrafficLine, TrafficLog } from './host-traffic'
import { Bot, World } from './world'

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
export const ours = (lines: readonly TrafficLine[]): string[] => {
  const mentions = (line: TrafficLine): boolean => line.text?.includes('plugin_lark_') === true
  const opened = new Map<number, TrafficLine>()
  const counted = new Set<TrafficLine>()
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
  private readonly traffic = new TrafficLog()
  private world!: World
  private bot!: Bot
  private userId!: string

  /** An expert whose twenty pieces come at once; two messages have been answered when it is ready. */
  async start(): Promise<void> {
    this.world = await World.create()
    await this.world.startHost({ env: this.traffic.env })
    const answer = { kind: 'stream', text: 'You said: {input}. That is the whole answer.', deltas: 20 } as const
    this.bot = await this.world.hire('webhook', answer, { scopes: ['cardkit:card:write'] })
    this.userId = (await this.world.person()).userId
    for (const text of ['warm', 'warmer']) await this.ask(text)
  }

  /** The cheapest of three: a busy machine delivers late what comes at once, rounds come between, and both only ever add. */
  async leastOf(
    text: string,
    countOf = ({ statements }: MessageCost): number => statements.length
  ): Promise<MessageCost> {
    const costs = [await this.measure(text), await this.measure(text), await this.measure(text)]
    return costs.reduce((least, cost) => (countOf(cost) < countOf(least) ? cost : least))
  }

  async measure(text: string): Promise<MessageCost> {
    this.traffic.clear()
    const before = await this.walPosition()
    await this.ask(text)
    await this.world.lark.settled()
    const walBytes = (await this.walPosition()) - before
    const lines = this.traffic.lines()
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
    this.traffic.remove()
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
}

const callsOf = (lines: readonly TrafficLine[]): string[] =>
  lines.filter(({ kind }) => kind === 'lark').map(({ text = '' }) => text)
