import { Injectable } from '@nestjs/common'
import { LarkApis, LarkApp } from '../lark'
import { Clock, Log } from '../shared'
import { repeatUntilDefinite, ReplyTarget } from './delivery'
import { ReplyLedger } from './reply-ledger.repository'
import { isFinal } from './reply-phase'

/** `waiting`: another answer of the same conversation comes first. */
const EMOJI = { waiting: 'OneSecond', typing: 'Typing' } as const

/** Each reaction notifies the person: one on an old message, which Lark delivers late, is only strange. */
const MAX_AGE_MS = 2 * 60_000

/** The first sign that an answer is coming: a reaction on the person's message, gone when the answer is there. */
@Injectable()
export class TypingSign {
  private readonly log = new Log('reply')

  constructor(
    private readonly apis: LarkApis,
    private readonly ledger: ReplyLedger,
    private readonly clock: Clock
  ) {}

  /** Never throws: whatever becomes of the reaction, the answer comes. */
  async show(
    app: LarkApp,
    target: ReplyTarget,
    sentAt: Date | null,
    kind: keyof typeof EMOJI = 'typing'
  ): Promise<void> {
    if (sentAt && this.clock.now().getTime() - sentAt.getTime() > MAX_AGE_MS) return
    try {
      const messageId = target.anchorMessageId
      const { reactionId } = await this.apis.for(app).addReaction({ messageId, emoji: EMOJI[kind] })
      const { phase, former } = await this.ledger.noteReaction(target, reactionId)
      if (former && former !== reactionId) await this.remove(app, target, former)
      if (isFinal(phase)) await this.remove(app, target, reactionId)
    } catch (error) {
      this.log.debug('no reaction shows that an answer is coming', { turn: target.turnId, error: String(error) })
    }
  }

  /** Never throws. */
  async remove(app: LarkApp, target: ReplyTarget, reactionId: string): Promise<void> {
    const api = this.apis.for(app)
    try {
      await repeatUntilDefinite(() => api.removeReaction({ messageId: target.anchorMessageId, reactionId }))
    } catch (error) {
      this.log.debug('a reaction was not removed', { turn: target.turnId, error: String(error) })
    }
  }
}
