import { setTimeout as pace } from 'node:timers/promises'
import { eventually } from './eventually'
import { deliverAgain } from './redelivery'
import { Bot, World } from './world'

const ANSWERED_WITHIN_MS = 240_000

/** A run that died holds up its own person only. */
const LEAST_PEOPLE = 20

const INTERRUPTED: ReadonlySet<string> = new Set(['run_interrupted', 'run_failed'])

interface Said {
  text: string
  messageId: string
  chatId: string
}

export interface TalkTally {
  messages: number
  /** Without an answer, or without its outcome. */
  lost: string[]
  /** Its run died, or failed, with its host (host-observed 33, 34): the person sees it, and may ask again. */
  interrupted: number
  /** With a second visible answer or a second inbox row. */
  doubled: string[]
}

/** People who write to one bot at a steady pace, whatever happens to the hosts meanwhile. */
export class SteadyTalk {
  static readonly ANSWER = { kind: 'stream', text: 'Heard: {input}.', deltas: 2 } as const

  private readonly said: Said[] = []
  private readonly writing: Promise<void>
  private isOver = false

  constructor(
    private readonly world: World,
    private readonly bot: Bot,
    private readonly perSecond: number
  ) {
    this.writing = this.write()
  }

  get messages(): number {
    return this.said.length
  }

  /** Waits until that many more messages were sent. */
  async more(count: number): Promise<void> {
    const goal = this.said.length + count
    await eventually(`${count} more messages`, async () => this.said.length >= goal, ANSWERED_WITHIN_MS)
  }

  /** Ends the talk; what got no acknowledgement is delivered again as Lark does it. */
  async end(): Promise<TalkTally> {
    this.isOver = true
    await this.writing
    await deliverAgain(this.world, this.said.length)
    const answered = async (): Promise<boolean> => {
      const [row] = await this.world.database.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM plugin_lark_inbound_event WHERE state = 'answered' OR reason IN ('run_interrupted', 'run_failed')`
      )
      return (row?.n ?? 0) >= this.said.length
    }
    await eventually('everybody is answered', answered, ANSWERED_WITHIN_MS).catch(() => undefined)
    return this.tally()
  }

  private async write(): Promise<void> {
    const people = await Promise.all(
      Array.from({ length: Math.max(LEAST_PEOPLE, this.perSecond) }, () => this.world.person())
    )
    for (let number = 0; !this.isOver; number += 1) {
      const { userId } = people[number % people.length]!
      const text = `message ${number}`
      this.said.push({ text, ...(await this.world.lark.say({ userId, appId: this.bot.app.appId, text })) })
      await pace(1_000 / this.perSecond)
    }
  }

  private async tally(): Promise<TalkTally> {
    const lost: string[] = []
    const doubled: string[] = []
    let interrupted = 0
    for (const { messageId, chatId, text } of this.said) {
      const answers = (await this.world.lark.read(chatId)).filter(({ replyTo }) => replyTo === messageId)
      const rows = await this.world.rows(messageId)
      const isAnswered = answers.some((answer) => answer.text === `Heard: ${text}.`) && rows[0]?.state === 'answered'
      const isInterrupted = answers.length === 1 && INTERRUPTED.has(rows[0]?.reason ?? '')
      if (isInterrupted) interrupted += 1
      else if (!isAnswered)
        lost.push(`${text}: ${rows.map(({ state, reason }) => `${state} ${reason ?? ''}`).join(', ')}`)
      if (answers.length > 1 || rows.length > 1) doubled.push(text)
    }
    return { messages: this.said.length, lost, interrupted, doubled }
  }
}
