import { setTimeout as pace } from 'node:timers/promises'
import { eventually } from './eventually'
import { deliverAgain } from './redelivery'
import { Said, TalkTally, tallyOf } from './talk-tally'
import { Bot, World } from './world'

const ANSWERED_WITHIN_MS = 240_000

/** A run that died holds up its own person only. */
const LEAST_PEOPLE = 20

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
    return tallyOf(this.world, this.said)
  }

  private async write(): Promise<void> {
    const people = await Promise.all(
      Array.from({ length: Math.max(LEAST_PEOPLE, this.perSecond) }, () => this.world.person())
    )
    for (let number = 0; !this.isOver; number += 1) {
      const { userId } = people[number % people.length]!
      const text = `message ${number}`
      const said = await this.world.lark.say({ userId, appId: this.bot.app.appId, text })
      this.said.push({ ...said, text, isAnswer: (answer) => answer === `Heard: ${text}.` })
      await pace(1_000 / this.perSecond)
    }
  }
}
