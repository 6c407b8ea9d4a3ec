import { eventually } from './eventually'
import { inParallel } from './in-parallel'
import { Bot, World } from './world'

/** People who write at the same time. */
const AT_ONCE = 16

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
  /** From the first dispatch to the last final text. */
  streamSeconds: number
}

export interface AnswerLoadOptions {
  /** The people write to so many apps, the same number to each: Lark's limits are an app's. */
  apps?: number
  /** Beyond the usual five. */
  scopes?: readonly string[]
}

interface Said {
  messageId: string
  chatId: string
  text: string
}

const wordsOf = (deltas: number): string => Array.from({ length: deltas - 4 }, (_, index) => `w${index}`).join(' ')

/** An answer in so many pieces that says what it was asked, and a word for nearly each piece. */
export const manyDeltas = (deltas: number, everyMs: number) =>
  ({ kind: 'stream', text: `You said: {input}. ${wordsOf(deltas)}`, deltas, everyMs }) as const

/** Many people who ask at once; every answer is cut into many pieces. */
export class AnswerLoad {
  private readonly said: Said[] = []
  private readonly bots: Bot[] = []

  constructor(
    private readonly world: World,
    private readonly people: number,
    private readonly deltas: number,
    private readonly everyMs: number,
    private readonly options: AnswerLoadOptions = {}
  ) {}

  async run(): Promise<AnswerLoadReport> {
    const { world } = this
    const { bots } = this
    const { apps = 1, scopes = ['cardkit:card:write'] } = this.options
    while (bots.length < apps)
      bots.push(await world.hire('long_connection', manyDeltas(this.deltas, this.everyMs), { scopes }))
    const began = Date.now()
    const users = await Promise.all(Array.from({ length: this.people }, (_, index) => world.person(`Person ${index}`)))
    const asked = users.map(({ userId }, index) => async () => {
      const text = `number ${index}`
      const said = await world.lark.say({ userId, appId: bots[index % apps]!.app.appId, text })
      this.said.push({ ...said, text })
    })
    await Promise.all(inParallel(AT_ONCE, asked))
    await eventually('everybody is answered', async () => (await this.open()) === 0, 1_500_000)
    return this.report(began)
  }

  private get integrations(): string[] {
    return this.bots.map(({ integrationId }) => integrationId)
  }

  private async open(): Promise<number> {
    const [row] = await this.world.database.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM plugin_lark_inbound_event
       WHERE integration_id = ANY($1) AND state IN ('answered', 'failed', 'dropped', 'refused')`,
      [this.integrations]
    )
    return this.people - (row?.n ?? 0)
  }

  private async report(began: number): Promise<AnswerLoadReport> {
    const { world } = this
    const seconds = Math.round((Date.now() - began) / 1000)
    const runs = await this.runEnds()
    const words = wordsOf(this.deltas)
    const wrong: string[] = []
    const latestMs: number[] = []
    let lastTextAt = 0
    for (const { messageId, chatId, text } of this.said) {
      const answers = (await world.lark.read(chatId)).filter(({ fromBot, recalled }) => fromBot && !recalled)
      const [answer] = answers
      const isExact = answer?.text === `You said: ${text}. ${words}` && answer.replyTo === messageId
      if (answers.length !== 1 || !isExact || answer.card?.streaming) wrong.push(`${text}: ${answers.length} messages`)
      if (answer) latestMs.push(answer.updateTime - (runs.get(text) ?? 0))
      lastTextAt = Math.max(lastTextAt, answer?.updateTime ?? 0)
    }
    return {
      answers: this.people,
      wrong,
      latestMs: latestMs.sort((a, b) => b - a).slice(0, 5),
      repeated: await this.repeated(),
      violations: await world.lark.violations(),
      calls: await this.calls(),
      eventsPerWrite: await this.eventsPerWrite(),
      seconds,
      streamSeconds: (lastTextAt - (await this.firstDispatchAt())) / 1000
    }
  }

  /** By what was asked. */
  private async runEnds(): Promise<Map<string, number>> {
    const runs = await Promise.all(this.bots.map(({ expertId }) => this.world.admin.runs(expertId)))
    return new Map(runs.flat().map((run) => [run.input, Date.parse(String(run.endedAt))]))
  }

  private async calls(): Promise<Record<string, number>> {
    const calls: Record<string, number> = {}
    for (const { app } of this.bots)
      for (const { api } of await this.world.lark.calls({ appId: app.appId })) calls[api] = (calls[api] ?? 0) + 1
    return calls
  }

  private async firstDispatchAt(): Promise<number> {
    const [row] = await this.world.database.query<{ at: Date }>(
      `SELECT min(turn.dispatched_at) AS at FROM plugin_lark_turn turn JOIN plugin_lark_session session
         ON session.id = turn.session_id WHERE session.integration_id = ANY($1)`,
      [this.integrations]
    )
    return row!.at.getTime()
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
