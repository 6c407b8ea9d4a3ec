import { eventually } from './eventually'
import { Bot, World } from './world'

export interface AnswerLoadReport {
  answers: number
  /** Not exact, not one message, or with another outcome than `answered`. */
  wrong: string[]
  /** From the end of a run to its final text, in milliseconds, the slowest first. */
  latestMs: number[]
  /** Turns whose run was thought to be lost, and asked once more. */
  repeated: number
  /** Refusals of the simulated Lark: limits exceeded, invalid cards. */
  violations: string[]
  calls: Record<string, number>
  /** Statements that stored run events, and the events. */
  eventsPerWrite: number
  seconds: number
}

interface Said {
  messageId: string
  chatId: string
  text: string
}

/** Many people who ask one app at once; every answer is cut into many pieces. */
export class AnswerLoad {
  private readonly said: Said[] = []
  private readonly words: string

  constructor(
    private readonly world: World,
    private readonly people: number,
    private readonly deltas: number,
    private readonly everyMs: number
  ) {
    this.words = Array.from({ length: deltas - 4 }, (_, index) => `w${index}`).join(' ')
  }

  async run(): Promise<AnswerLoadReport> {
    const { world } = this
    const text = `You said: {input}. ${this.words}`
    const script = { kind: 'stream', text, deltas: this.deltas, everyMs: this.everyMs } as const
    const bot = await world.hire('long_connection', script, { scopes: ['cardkit:card:write'] })
    const began = Date.now()
    const users = await Promise.all(Array.from({ length: this.people }, (_, index) => world.person(`Person ${index}`)))
    for (const [index, { userId }] of users.entries()) {
      const said = await world.lark.say({ userId, appId: bot.app.appId, text: `number ${index}` })
      this.said.push({ ...said, text: `number ${index}` })
    }
    await eventually('everybody is answered', async () => (await this.open()) === 0, 1_500_000)
    return this.report(bot, began)
  }

  private async open(): Promise<number> {
    const [row] = await this.world.database.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM plugin_lark_inbound_event WHERE state IN ('answered', 'failed', 'dropped', 'refused')`
    )
    return this.people - (row?.n ?? 0)
  }

  private async report(bot: Bot, began: number): Promise<AnswerLoadReport> {
    const { world } = this
    const seconds = Math.round((Date.now() - began) / 1000)
    const runs = new Map(
      (await world.admin.runs(bot.expertId)).map((run) => [run.input, Date.parse(String(run.endedAt))])
    )
    const wrong: string[] = []
    const latestMs: number[] = []
    for (const { messageId, chatId, text } of this.said) {
      const answers = (await world.lark.read(chatId)).filter(({ fromBot, recalled }) => fromBot && !recalled)
      const [answer] = answers
      const isExact = answer?.text === `You said: ${text}. ${this.words}` && answer.replyTo === messageId
      if (answers.length !== 1 || !isExact || answer.card?.streaming) wrong.push(`${text}: ${answers.length} messages`)
      if (answer) latestMs.push(answer.updateTime - (runs.get(text) ?? 0))
    }
    const calls: Record<string, number> = {}
    for (const { api } of await world.lark.calls({ appId: bot.app.appId })) calls[api] = (calls[api] ?? 0) + 1
    return {
      answers: this.people,
      wrong,
      latestMs: latestMs.sort((a, b) => b - a).slice(0, 5),
      repeated: await this.repeated(),
      violations: await world.lark.violations(),
      calls,
      eventsPerWrite: await this.eventsPerWrite(),
      seconds
    }
  }

  private async repeated(): Promise<number> {
    const [row] = await this.world.database.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM plugin_lark_turn WHERE attempt_number > 1`
    )
    return row?.n ?? 0
  }

  private async eventsPerWrite(): Promise<number> {
    const [row] = await this.world.database.query<{ events: number; writes: number }>(
      `SELECT coalesce(sum((counters -> 'run-events' -> 'all' ->> 'events')::int), 0)::int AS events,
              coalesce(sum((counters -> 'run-events' -> 'all' ->> 'writes')::int), 0)::int AS writes FROM plugin_lark_instance`
    )
    return row && row.writes > 0 ? row.events / row.writes : 0
  }
}
