import { setTimeout as pace } from 'node:timers/promises'
import { PDF, PNG } from '../../test/support/bytes'
import { eventually } from '../../test/support/eventually'
import { deliverAgain } from '../../test/support/redelivery'
import { tallyOf, type Said, type TalkTally } from '../../test/support/talk-tally'
import type { World } from '../../test/support/world'
import type { Voice, Voices } from './voices'

const PER_SECOND = 3
const ALL_ENDED_WITHIN_MS = 600_000

type Kind = 'direct' | 'group' | 'file' | 'image' | 'new'

/** Fifteen for direct chats, whose number is a power of two: so the rare ones come to each of them. */
const ROUND: readonly Kind[] = [
  ...(['direct', 'group', 'direct', 'direct', 'group', 'file', 'direct', 'direct'] as const),
  ...(['group', 'direct', 'new', 'direct', 'group', 'direct', 'direct'] as const),
  ...(['group', 'image', 'direct', 'group', 'direct', 'direct'] as const)
]

/** People who write all the time, in direct chats and groups, some of them with files or a command. */
export class MixedTalk {
  private readonly said: Said[] = []
  private readonly turns = { direct: 0, group: 0 }

  constructor(
    private readonly world: World,
    private readonly voices: Voices
  ) {}

  get messages(): number {
    return this.said.length
  }

  async write(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      const number = this.said.length
      this.said.push(await this.say(ROUND[number % ROUND.length]!, number))
      await pace(1_000 / PER_SECOND)
    }
  }

  /** Another round: a push that a fault holds back goes with the next one of its app. */
  async anotherRound(): Promise<void> {
    const goal = this.said.length + ROUND.length
    await eventually('another round is written', async () => this.said.length >= goal, 120_000)
  }

  /** Messages whose outcome is written. */
  async ended(): Promise<number> {
    const [row] = await this.world.database.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM plugin_lark_inbound_event WHERE dedup_key LIKE 'message:%' AND ended_at IS NOT NULL`
    )
    return row?.n ?? 0
  }

  /** What got no acknowledgement is delivered again as Lark does it. */
  async tally(): Promise<TalkTally> {
    await deliverAgain(this.world, this.said.length)
    const haveEnded = async (): Promise<boolean> => (await this.ended()) >= this.said.length
    await eventually('all have ended', haveEnded, ALL_ENDED_WITHIN_MS).catch(() => undefined)
    return tallyOf(this.world, this.said)
  }

  private async say(kind: Kind, number: number): Promise<Said> {
    const { bot, userId, chatId } = this.nextVoice(kind)
    const { lark } = this.world
    const to = chatId === undefined ? { userId, appId: bot.app.appId } : { userId, chatId }
    if (kind === 'file' || kind === 'image') {
      const name = `${kind}-${number}.${kind === 'file' ? 'pdf' : 'png'}`
      const { key } = await lark.uploadFile({ name, bytes: kind === 'file' ? PDF : PNG })
      const content = kind === 'image' ? { image_key: key } : { file_key: key, file_name: name }
      const said = await lark.say({ ...to, msgType: kind, content })
      const isAnswer = (answer: string): boolean => /^Heard: .*With: .*\.$/s.test(answer)
      // The download failed for as long as the plugin tries: the answer comes without the file.
      return { ...said, text: name, isAnswer, isNotice: (reply) => reply.startsWith('Could not be read: ') }
    }
    if (kind === 'new') {
      const isAnswer = (answer: string): boolean => answer === 'A new conversation begins.'
      return { ...(await lark.say({ ...to, text: '/new' })), text: `/new ${number}`, isAnswer }
    }
    const text = `message ${number}`
    const said = await lark.say({ ...to, text: kind === 'group' ? `@Ada ${text}` : text })
    // In groups the expert is told who speaks.
    const whole = new RegExp(`^Heard: (\\[[^\\]]+\\] )?${text}\\. With: \\.$`)
    return { ...said, text, isAnswer: (answer) => whole.test(answer) }
  }

  private nextVoice(kind: Kind): Voice {
    const { direct, inGroups } = this.voices
    if (kind === 'group') return inGroups[this.turns.group++ % inGroups.length]!
    return direct[this.turns.direct++ % direct.length]!
  }
}
