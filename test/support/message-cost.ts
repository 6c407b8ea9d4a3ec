import { Transport } from '../../playground/lark-simulator/client'
import { eventually } from './eventually'
import { TrafficLine, TrafficLog } from './host-traffic'
import { Bot, World } from './world'

export interface MessageCost {
  /** Every statement of the process from the delivery to its acknowledgement, but for what goes on beside it: a claim, and the queue's own. */
  beforeAck: string[]
  /** SQL of ours from there to the dispatch, with whatever looks at the host's tables meanwhile, and SQL of ours of the whole turn. */
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

/** Of the host's tables we ask without an ORM, and so without quotes around the names; the host itself never does. */
const isOurs = (text: string): boolean =>
  text.includes('plugin_lark_') || /\b(?:FROM|JOIN) (?:integration|xpert|chat_conversation)\b/.test(text)

/** Whoever asks: between a delivery and its dispatch the host has no reason of its own to. */
const isOursOrForUs = (text: string): boolean =>
  isOurs(text) || /\b(?:FROM|JOIN) "(?:integration|xpert|chat_conversation)"/.test(text)

/** Ours, and the transaction control around them; what the host does for itself is not. */
export const ours = (lines: readonly TrafficLine[]): string[] => chosen(lines, isOurs).filter((text) => !isRound(text))

const chosen = (lines: readonly TrafficLine[], isChosen: (text: string) => boolean): string[] => {
  const opened = new Map<number, TrafficLine>()
  const counted = new Set<TrafficLine>()
  for (const line of lines) {
    const { text = '', connection = 0 } = line
    const opening = opened.get(connection)
    if (text.startsWith('START TRANSACTION')) opened.set(connection, line)
    else if (isChosen(text)) {
      counted.add(line)
      if (opening) counted.add(opening)
    } else if (text === 'COMMIT') {
      if (opening && counted.has(opening)) counted.add(line)
      opened.delete(connection)
    }
  }
  return lines.filter((line) => counted.has(line)).map(oneLine)
}

const oneLine = ({ text = '' }: TrafficLine): string => text.replace(/\s+/g, ' ').trim()

/** In a whole turn come rounds: looks into an empty inbox, of the watch, after connections and integrations. */
const isRound = (text: string): boolean =>
  /plugin_lark_(instance|job|connection)\b|FROM integration WHERE provider = 'lark' ORDER BY id|^SELECT integration_id AS id FROM|WITH taken AS|turn\.applied_sequence AND event\.received_at|received_at < now\(\)/.test(
    text
  )

const isClaim = (text: string): boolean => text.startsWith('WITH front')

/** The playground's queue looks for work all the time. */
const isOfTheQueue = (text: string): boolean => /\bhandoff_(?:default|realtime|batch|integration)\b/.test(text)

const untilAck = (lines: readonly TrafficLine[]): string[] =>
  lines
    .filter(({ kind }) => kind === 'statement')
    .map(oneLine)
    .filter((text) => !isClaim(text) && !isOfTheQueue(text))

/** What one direct message costs, warm, on one instance over one transport: every statement and every call is written down. */
export class CostMeter {
  private readonly traffic = new TrafficLog()
  private world!: World
  private bot!: Bot
  private userId!: string

  constructor(private readonly transport: Transport = 'webhook') {}

  /** An expert whose twenty pieces come at once; two messages have been answered when it is ready. */
  async start(): Promise<void> {
    this.world = await World.create()
    await this.world.startHost({ env: this.traffic.env })
    const answer = { kind: 'stream', text: 'You said: {input}. That is the whole answer.', deltas: 20 } as const
    this.bot = await this.world.hire(this.transport, answer, { scopes: ['cardkit:card:write'] })
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
    const [delivery, ack] = (['delivery', 'ack'] as const).map((wanted) =>
      lines.findIndex(({ kind }) => kind === wanted)
    )
    const dispatch = lines.findIndex(({ isDispatch }) => isDispatch)
    if (delivery! < 0 || ack! < delivery! || dispatch < 0) throw new Error('nothing was dispatched')
    const toDispatch = chosen(lines.slice(delivery, dispatch), isOursOrForUs)
    return {
      beforeAck: untilAck(lines.slice(delivery, ack)),
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
