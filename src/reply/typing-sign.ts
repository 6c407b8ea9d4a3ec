import { Injectable } from '@nestjs/common'
import { LarkApis, LarkApp } from '../lark'
import { Clock, Log } from '../shared'
import { isRefused, repeatUntilDefinite, ReplyTarget } from './delivery'
import { NotedSign, ReplyLedger } from './reply-ledger.repository'
import { isFinal } from './reply-phase'

/** `waiting`: another answer of the same conversation comes first. */
const EMOJI = { waiting: 'OneSecond', typing: 'Typing' } as const

/** Each reaction notifies the person: one on an old message, which Lark delivers late, is only strange. */
const MAX_AGE_MS = 2 * 60_000

/**
 * The first sign that an answer is coming: a reaction on the person's message, removed once the answer is there. Nobody waits
 * for that; the ledger knows of the reaction until it is gone, so that another process removes what a dead one left.
 */
@Injectable()
export class TypingSign {
  private readonly log = new Log('reply')
  private readonly underWay = new Set<string>()
  /** Removed, which the ledger does not know yet: not worth a statement each. By reaction. */
  private readonly gone = new Map<string, NotedSign>()

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
      this.log.debug('no reaction shows that an answer is coming', { turn: target.turnId }, error)
    }
  }

  /** Never throws. What Lark leaves open stays due in the ledger. */
  async remove(app: LarkApp, target: ReplyTarget, reactionId: string): Promise<void> {
    if (this.underWay.has(reactionId) || this.gone.has(reactionId)) return
    const { turnId, anchorMessageId: messageId } = target
    const api = this.apis.for(app)
    this.underWay.add(reactionId)
    try {
      await repeatUntilDefinite(() => api.removeReaction({ messageId, reactionId }))
      this.forget({ turnId, reactionId })
    } catch (error) {
      this.log.debug('a reaction was not removed', { turn: turnId }, error)
      if (isRefused(error)) this.forget({ turnId, reactionId })
    } finally {
      this.underWay.delete(reactionId)
    }
  }

  /** It is gone, or nobody can remove it. */
  forget(sign: NotedSign): void {
    this.gone.set(sign.reactionId, sign)
  }

  /** Tells the ledger what is gone. Never throws: what is left there is removed once more, which Lark then refuses. */
  async writeOff(): Promise<void> {
    const gone = [...this.gone.values()]
    if (gone.length === 0) return
    try {
      await this.ledger.forgetSigns(gone)
    } catch (error) {
      this.log.debug('reactions that are gone were not written off', {}, error)
    }
    for (const { reactionId } of gone) this.gone.delete(reactionId)
  }
}
