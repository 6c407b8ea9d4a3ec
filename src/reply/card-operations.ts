import { LarkApi, LarkApiError } from '../lark'
import { HeldReply, ReplyPart } from './held-reply'

/** Lark ends streaming ten minutes after it was last switched on. */
export const STREAMING_RENEW_MS = 8.5 * 60_000

/** An operation whose number nobody noted was made by a process that died, or has lost its lease; it made a few at most. */
const SEQUENCE_LEAP = 100

const TRIES = 4

/** What is done to the card entities of one answer: numbered, and switched to streaming where a step needs it. */
export class CardOperations {
  constructor(
    private readonly api: LarkApi,
    private readonly held: HeldReply,
    private readonly now: () => Date,
    private readonly renew: () => Promise<void>
  ) {}

  /**
   * One operation; its number is used up by the call, whatever becomes of it. Lark refuses who comes behind somebody else:
   * whether that one died or has taken over, the lease says.
   */
  async run(part: ReplyPart, call: (cardId: string, sequence: number) => Promise<void>): Promise<void> {
    const cardId = part.cardId!
    for (let tries = 1; ; tries++) {
      part.sequence += 1
      try {
        return await call(cardId, part.sequence)
      } catch (error) {
        if (!(error instanceof LarkApiError) || tries >= TRIES) throw error
        if (error.code !== 'sequence' && error.code !== 'stream_closed') throw error
        await this.renew()
        if (error.code === 'sequence') part.sequence += SEQUENCE_LEAP
        else await this.stream(cardId, ++part.sequence)
      }
    }
  }

  /** Before Lark's ten minutes are over; also while nothing is shown. */
  async keepStreaming(): Promise<void> {
    const { current, streamingSince: since } = this.held
    if (!current.cardId || !since) return
    if (this.now().getTime() - since.getTime() < STREAMING_RENEW_MS) return
    await this.run(current, (cardId, sequence) => this.stream(cardId, sequence))
  }

  private async stream(cardId: string, sequence: number): Promise<void> {
    await this.api.setCardConfig({ cardId, config: { streaming_mode: true }, sequence })
    this.held.streamingSince = this.now()
  }
}
