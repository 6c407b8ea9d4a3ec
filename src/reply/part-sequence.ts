import { LarkApiError, LarkReaction } from '../lark'
import { Log } from '../shared'
import { CardView } from './card-renderer'
import { isRefused, repeatUntilDefinite } from './delivery'
import { HeldReply, newPart } from './held-reply'
import { digestOf } from './part-content'
import { isGone, PartSender } from './part-sender'
import { ReplyLedger } from './reply-ledger.repository'

/** These do not concern the one message: Lark would refuse another one too. */
const NOT_OF_ONE_MESSAGE: ReadonlySet<LarkReaction> = new Set(['content_refused', 'quota', 'credentials'])

/**
 * The messages of one answer, in order: full ones are left behind, superfluous ones taken back, and one that can not be
 * changed any more is replaced.
 */
export class PartSequence {
  private readonly log = new Log('reply')

  constructor(
    private readonly sender: PartSender,
    private readonly held: HeldReply,
    private readonly ledger: ReplyLedger
  ) {}

  /** Lets the current part be the last one of `parts`. */
  async match(parts: readonly string[]): Promise<void> {
    const { held, sender } = this
    while (held.former.length >= parts.length) await sender.takeBack()
    while (held.former.length < parts.length - 1) {
      const view = { markdown: parts[held.former.length]! }
      await this.bring(view)
      held.former.push({ ...held.current, shown: digestOf(view) })
      held.current = newPart()
      held.streamingSince = null
      await this.ledger.save(held)
    }
  }

  /** Shows in the parts before the current one what they say by now. */
  async settleFormer(parts: readonly string[]): Promise<void> {
    const { held, sender } = this
    for (const [index, former] of held.former.entries()) {
      const view = { markdown: parts[index]! }
      if (former.shown === digestOf(view)) continue
      try {
        await repeatUntilDefinite(() => sender.settle(former, view))
      } catch (error) {
        if (!isOfOneMessage(error)) throw error
        // Its replacement comes last in the chat, so that what stands behind it has to come once more.
        while (held.former.length > index) await sender.takeBack()
        return this.match(parts)
      }
    }
  }

  /**
   * Brings the current part to this view for good: in another message where the one that is there can not be changed.
   * @param onlyCloses nobody misses it where the message is gone
   */
  async bring(view: CardView, onlyCloses = false): Promise<void> {
    const { held, sender } = this
    try {
      await repeatUntilDefinite(() => sender.open(view, false))
    } catch (error) {
      if (!held.current.messageId || !isOfOneMessage(error)) throw error
      if (onlyCloses && isGone(error)) return
      this.log.warn('a card could not be brought to its end and is replaced', { turn: held.turnId }, error)
      sender.startAnew(error)
      await repeatUntilDefinite(() => sender.open(view, false))
    }
    await sender.recallReplaced()
  }
}

/** Lark definitely refuses to change this message. */
const isOfOneMessage = (error: unknown): error is LarkApiError =>
  isRefused(error) && !NOT_OF_ONE_MESSAGE.has(error.code)
