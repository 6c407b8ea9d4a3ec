import { join } from 'node:path'
import { SeenMessage, Transport } from '../../playground/lark-simulator/client'
import { HostOptions, XpertHost } from '../../playground/xpert-host/client'
import { eventually } from './eventually'
import { deliverAgain, LADDER_MS } from './redelivery'
import { Bot, World } from './world'

export const CRASH_POINTS = [
  'before insert',
  'after insert before ack',
  'after ack',
  'in routing',
  'before enqueue',
  'after enqueue before bookkeeping',
  'mid-answer, after a run event',
  'mid-answer, after the card',
  'mid-answer, after a patch',
  'before the outcome'
] as const

export type CrashPoint = (typeof CRASH_POINTS)[number]

export interface CrashTally {
  point: CrashPoint
  transport: Transport
  crashes: number
  messages: number
  /** Without an exact answer or without the outcome `answered`. */
  lost: number
  /** With a second visible answer or a second inbox row. */
  doubled: number
  /** Starts of runs beyond one per message: invisible, and what a crash costs. */
  extraRuns: number
  /** What is wrong, for the one who reads a failure. */
  findings: string[]
}

interface Said {
  messageId: string
  chatId: string
  text: string
}

/** Long enough for a crash in the middle: two frames of the card are shown before the last one. */
const ANSWER = {
  kind: 'stream',
  text: 'You said: {input}. That is the whole answer.',
  deltas: 12,
  everyMs: 150
} as const
const answerTo = (text: string): string => ANSWER.text.replace('{input}', text)

/** The host's re-run of what a dead instance ran comes soon; everything of the plugin keeps its own time. */
const STALLED_AFTER_MS = 2_000

const CRASH_WITHIN_MS = 60_000
const ANSWERED_WITHIN_MS = 120_000

const preloaded = (point: CrashPoint, occurrence: number): Partial<HostOptions> => ({
  stalledAfterMs: STALLED_AFTER_MS,
  env: {
    NODE_OPTIONS: `--require "${join(__dirname, 'crash-at.cjs')}"`,
    CRASH_AT: point,
    CRASH_OCCURRENCE: String(occurrence)
  }
})

/**
 * One bot whose host is killed at one point, again and again: people write to it, the host dies, the next one takes over
 * and is itself killed when everybody has an answer. The kill is armed only while people write, so no message meets two.
 */
export class CrashCell {
  private readonly said: Said[] = []
  private crashes = 0

  private constructor(
    private readonly point: CrashPoint,
    private readonly transport: Transport,
    private readonly world: World,
    private readonly bot: Bot,
    private readonly chats: number
  ) {}

  /** @param size `chats`: people who write at once before each crash, in a chat of their own each */
  static async run(
    point: CrashPoint,
    transport: Transport,
    { crashes, chats }: { crashes: number; chats: number }
  ): Promise<CrashTally> {
    const world = await World.create()
    try {
      await world.startHost(preloaded(point, 1))
      const bot = await world.hire(transport, ANSWER)
      const cell = new CrashCell(point, transport, world, bot, chats)
      while (cell.crashes < crashes) await cell.crash(cell.crashes + 1 < crashes)
      await cell.repeatEverything()
      return await cell.tally()
    } finally {
      await world.end()
    }
  }

  private async crash(isAnotherToCome: boolean): Promise<void> {
    const { host } = this.world
    await arm(host)
    await this.speak()
    const exit = await this.ended(host)
    if (exit.signal !== 'SIGKILL') throw new Error(`the host ended with ${JSON.stringify(exit)}`)
    this.crashes += 1
    const next = isAnotherToCome ? preloaded(this.point, this.occurrence) : { stalledAfterMs: STALLED_AFTER_MS }
    await this.world.startHost(next)
    await this.world.connect(this.bot)
    await deliverAgain(this.world, this.said.length)
    await this.answered().catch(() => undefined)
  }

  /** What is done for one message each is met at different ones of them; a burst's inserts, dispatches and notes share statements. */
  private get occurrence(): number {
    return isShared(this.point) ? 1 : 1 + (this.crashes % this.chats)
  }

  private async speak(): Promise<void> {
    const people = await Promise.all(Array.from({ length: this.chats }, () => this.world.person()))
    await Promise.all(
      people.map(async ({ userId }, index) => {
        const text = `message ${index} before crash ${this.crashes}`
        const message = await this.world.lark.say({ userId, appId: this.bot.app.appId, text })
        this.said.push({ ...message, text })
      })
    )
  }

  private async ended(host: XpertHost): Promise<{ code: number | null; signal: string | null }> {
    let limit: NodeJS.Timeout | undefined
    const late = new Promise<never>((_resolve, reject) => {
      limit = setTimeout(() => reject(new Error(`the host was not killed ${this.point}`)), CRASH_WITHIN_MS)
    })
    return Promise.race([host.exited, late]).finally(() => clearTimeout(limit))
  }

  private answered(): Promise<boolean> {
    const open = async (): Promise<number> => {
      const rows = await this.world.database.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM plugin_lark_inbound_event WHERE state = 'answered'`
      )
      return this.said.length - (rows[0]?.n ?? 0)
    }
    return eventually('everybody is answered', async () => (await open()) === 0, ANSWERED_WITHIN_MS)
  }

  /** Lark goes up its whole ladder with whatever it believes undelivered, and repeats each message once more. */
  private async repeatEverything(): Promise<void> {
    const { lark } = this.world
    for (const step of LADDER_MS) {
      await lark.settled(undefined, { ignoreRetries: true })
      await lark.changeClock({ advanceMs: step })
    }
    for (const { messageId } of this.said) await lark.redeliver({ messageId, appId: this.bot.app.appId })
    await lark.settled()
    await eventually('the queue is empty', async () =>
      (await this.world.admin.queue()).every(({ waiting, running }) => waiting + running === 0)
    )
  }

  private async tally(): Promise<CrashTally> {
    const { point, transport, crashes, said } = this
    const findings: string[] = []
    let lost = 0
    let doubled = 0
    for (const message of said) {
      const answers = (await this.world.lark.read(message.chatId)).filter(({ fromBot }) => fromBot)
      const rows = await this.world.rows(message.messageId)
      const isAnswered = answers.some((answer) => isExact(answer, message)) && rows[0]?.state === 'answered'
      if (!isAnswered) lost += 1
      if (answers.length > 1 || rows.length > 1) doubled += 1
      if (isAnswered && answers.length === 1 && rows.length === 1) continue
      findings.push(JSON.stringify({ ...message, answers: answers.map(({ text }) => text), rows }))
    }
    findings.push(...(await this.world.lark.violations()), ...this.unhandled())
    const extraRuns = (await this.world.admin.runs(this.bot.expertId)).length - said.length
    return { point, transport, crashes, messages: said.length, lost, doubled, extraRuns, findings }
  }

  private unhandled(): string[] {
    return this.world.everyHost.flatMap(({ logs }) => logs.filter((line) => /unhandled/i.test(line)))
  }
}

const isShared = (point: CrashPoint): boolean => point.includes('insert') || point.includes('enqueue')

const isExact = (answer: SeenMessage, { messageId, text }: Said): boolean =>
  answer.replyTo === messageId && answer.text === answerTo(text)

const arm = async (host: XpertHost): Promise<void> => {
  process.kill(host.pid, 'SIGUSR2')
  await eventually('the kill is armed', async () => host.logs.includes('crash-at: armed'))
}

/** Cells of one point, added up. */
export const total = (cells: readonly CrashTally[]): CrashTally => {
  const [first] = cells
  if (!first) throw new Error('no cell')
  const sum = (of: (cell: CrashTally) => number): number => cells.reduce((all, cell) => all + of(cell), 0)
  return {
    point: first.point,
    transport: first.transport,
    crashes: sum(({ crashes }) => crashes),
    messages: sum(({ messages }) => messages),
    lost: sum(({ lost }) => lost),
    doubled: sum(({ doubled }) => doubled),
    extraRuns: sum(({ extraRuns }) => extraRuns),
    findings: cells.flatMap(({ findings }) => findings)
  }
}
