import type { SeenMessage } from '../../lark-simulator/client'
import { openChatStream } from '../chat-stream'

export interface FirstSign {
  what: 'a reaction' | 'a card' | 'a message'
  /** Real milliseconds since the message was sent. */
  ms: number
}

interface Sign {
  what: FirstSign['what']
  at: number
}

/** When people saw what of the answers. It only takes notes: a stream that breaks costs figures, nothing else. */
export class Watch {
  /** By the id of the message that is answered; times of `performance.now()`. */
  private readonly signs = new Map<string, Sign>()
  private readonly ends = new Map<string, number>()
  private readonly ending = new AbortController()

  private constructor(private readonly botNames: ReadonlySet<string>) {}

  static async open(simulatorUrl: string, botNames: Iterable<string>): Promise<Watch> {
    const watch = new Watch(new Set(botNames))
    const stream = await openChatStream(simulatorUrl, undefined, watch.ending.signal)
    const follow = async (): Promise<void> => {
      for await (const { message } of stream) watch.note(message, performance.now())
    }
    follow().catch(() => undefined)
    return watch
  }

  close(): void {
    this.ending.abort()
  }

  firstSign(messageId: string, sentAt: number): FirstSign | undefined {
    const sign = this.signs.get(messageId)
    return sign && { what: sign.what, ms: sign.at - sentAt }
  }

  /** When the answer was last seen to change, milliseconds since the message was sent. */
  endMs(messageId: string, sentAt: number): number | undefined {
    const at = this.ends.get(messageId)
    return at === undefined ? undefined : at - sentAt
  }

  private note(message: SeenMessage, at: number): void {
    const { messageId, fromBot, replyTo, card, reactions } = message
    if (!fromBot && reactions.some(({ by }) => this.botNames.has(by))) this.sign(messageId, { what: 'a reaction', at })
    if (!fromBot || replyTo === undefined) return
    this.sign(replyTo, { what: card ? 'a card' : 'a message', at })
    if (!card?.streaming) this.ends.set(replyTo, at)
  }

  private sign(messageId: string, sign: Sign): void {
    if (!this.signs.has(messageId)) this.signs.set(messageId, sign)
  }
}
