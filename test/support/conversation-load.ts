import { eventually } from './eventually'
import { deliverAgain } from './redelivery'
import { Bot, World } from './world'

const ANSWER = { kind: 'stream', text: 'Heard: {input}.', deltas: 2 } as const

/** Messages in the way at once, per chat: many enough that chats queue up, few enough that Lark's limits are kept. */
const AHEAD = 6

const ALL_ANSWERED_WITHIN_MS = 600_000

interface Said {
  text: string
  messageId: string
  chatId: string
}

export interface LoadReport {
  answered: number
  /** Chats whose messages began to be worked on in another order than they were sent. */
  outOfOrder: string[]
  /** Messages without their exact answer, or with more than one visible answer or inbox row. */
  wrong: string[]
  /** Dispatches of messages: the same one may start twice after a kill, a message may not have two. */
  dispatches: number
  /** Runs that were started a second time. */
  reruns: number
  instances: string[]
}

/** People in chats of their own who each write one message after the other to one bot, over the long connection. */
export class ConversationLoad {
  private readonly chats: Said[][]
  private bot!: Bot

  constructor(
    private readonly world: World,
    chats: number,
    private readonly perChat: number
  ) {
    this.chats = Array.from({ length: chats }, () => [])
  }

  get total(): number {
    return this.chats.length * this.perChat
  }

  async prepare(): Promise<void> {
    this.bot = await this.world.hire('long_connection', ANSWER)
  }

  /** Sends everything; `half` is called when half of it is answered. People go on writing meanwhile, or wait for it. */
  async send(half: () => Promise<void>, people: 'go on' | 'wait' = 'go on'): Promise<void> {
    const users = await Promise.all(this.chats.map((_, index) => this.world.person(`Person ${index}`)))
    const middle = Math.ceil(this.perChat / 2)
    let halved: Promise<void> = Promise.resolve()
    for (let number = 0; number < this.perChat; number++) {
      if (number === middle) {
        halved = this.untilAnswered(this.total / 4).then(half)
        if (people === 'wait') await halved
      }
      await this.untilAnswered((number - AHEAD) * this.chats.length)
      await Promise.all(users.map(({ userId }, person) => this.say(userId, person, number)))
    }
    await halved
  }

  /** The connection's holder is gone: waits for its successor, and for what Lark delivers again to it. */
  async reconnected(): Promise<void> {
    const { lark } = this.world
    await lark.waitForConnections(this.bot.app.appId, 0)
    await lark.waitForConnections(this.bot.app.appId, 1, 60_000)
    await deliverAgain(this.world, this.chats.flat().length)
  }

  async report(): Promise<LoadReport> {
    await this.untilAnswered(this.total)
    const runs = await this.world.admin.runs(this.bot.expertId)
    const firstStarts = [...new Map(runs.map((run) => [run.input, run.id] as const)).keys()]
    const outOfOrder = this.chats.flatMap((said, person) => {
      const started = firstStarts.filter((input) => input.endsWith(` of ${person}`))
      return started.join() === said.map(({ text }) => text).join() ? [] : [started.join()]
    })
    return {
      answered: await this.answered(),
      outOfOrder,
      wrong: (await Promise.all(this.chats.map((said) => this.wrongIn(said)))).flat(),
      dispatches: new Set(runs.map(({ id }) => id)).size,
      reruns: runs.length - new Set(runs.map(({ id }) => id)).size,
      instances: [...new Set(runs.map(({ instance }) => instance))].sort()
    }
  }

  private async say(userId: string, person: number, number: number): Promise<void> {
    const text = `${number} of ${person}`
    const said = await this.world.lark.say({ userId, appId: this.bot.app.appId, text })
    this.chats[person]!.push({ ...said, text })
  }

  private async wrongIn(said: readonly Said[]): Promise<string[]> {
    const answers = (await this.world.lark.read(said[0]!.chatId)).filter(({ fromBot }) => fromBot)
    const expected = said.map(({ text, messageId }) => `${messageId} Heard: ${text}.`)
    const seen = answers.map(({ text, replyTo }) => `${replyTo} ${text}`)
    return expected.join() === seen.join() ? [] : [`expected ${expected.join(', ')}, seen ${seen.join(', ')}`]
  }

  private untilAnswered(count: number): Promise<unknown> {
    return eventually(
      `${count} of ${this.total} are answered`,
      async () => (await this.answered()) >= count,
      ALL_ANSWERED_WITHIN_MS
    )
  }

  private async answered(): Promise<number> {
    const [row] = await this.world.database.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM plugin_lark_inbound_event WHERE state = 'answered'`
    )
    return row?.n ?? 0
  }
}
