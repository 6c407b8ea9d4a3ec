import { Injectable } from '@nestjs/common'
import { EntityManager } from 'typeorm'
import { faultOf, LarkApiError, LarkApis, LarkApp } from '../lark'
import { Clock, Log } from '../shared'
import { answerParts, partsWith } from './answer-parts'
import { AppForms } from './app-forms'
import { CardView } from './card-renderer'
import { Delivery, deliveryOf, DeliveryUnknownError, idsOf, isRepeatable, refusalOf, ReplyTarget } from './delivery'
import { FilesBehind } from './file-messages'
import { HeldReply } from './held-reply'
import { keptText } from './kept-text'
import { PartSender } from './part-sender'
import { PartSequence } from './part-sequence'
import { canMove, RestingPhase } from './reply-phase'
import { ReplyLedger, ReplyOwner } from './reply-ledger.repository'
import { ShownFrames } from './shown-frames'
import { TypingSign } from './typing-sign'

export { Delivery, ReplyTarget } from './delivery'

/** One state of an answer: its Markdown so far, and what stands below it. */
export type AnswerFrame = CardView

/** Well within the flush lease. */
const RENEW_MS = 5_000

interface FinishOptions {
  isLastTry?: boolean
  /** To be sent once the answer is there. */
  behind?: FilesBehind
  /** What stands below the text instead where only `conclude` shows it. */
  lateNote?: string
  /** It says no more than why the answer ends: a card that somebody has recalled does not come back for that. */
  onlyCloses?: boolean
}

type Rest = FinishOptions & { frame: AnswerFrame; phase: RestingPhase }

/** Shows one turn's answer, from its first sign to its last state. Every call happens under the answer's flush lease. */
@Injectable()
export class ReplyWriter {
  private readonly log = new Log('reply')
  private readonly frames = new ShownFrames()

  constructor(
    private readonly apis: LarkApis,
    private readonly ledger: ReplyLedger,
    private readonly forms: AppForms,
    private readonly sign: TypingSign,
    private readonly clock: Clock
  ) {}

  /** Takes the flush lease of one answer, opening its ledger row if need be; null while somebody else holds it. */
  hold(owner: ReplyOwner): Promise<HeldReply | null> {
    return this.ledger.acquire(owner)
  }

  /** Keeps the lease while `work` runs, however slow Lark is, and lets it go afterwards. */
  async whileHeld(held: HeldReply, work: () => Promise<void>): Promise<void> {
    const renewal = setInterval(() => {
      if (held.released || held.isLost) return
      this.ledger
        .renew(held)
        .catch((error: unknown) => this.log.debug('a lease was not renewed', { turn: held.turnId }, error))
    }, RENEW_MS)
    try {
      await work()
    } finally {
      clearInterval(renewal)
      if (!held.released) await this.ledger.release(held)
    }
  }

  /** Milliseconds until this answer may show its next frame: its share of what Lark takes. Infinite for none at all. */
  frameDelayMs(app: LarkApp, held: HeldReply): number {
    return this.apis.frameDelayMs(app, held.form === 'card' ? 'im.message.patch' : 'cardkit.cardElement.content')
  }

  /** An intermediate frame: where it can not be shown, the next one will be. Throws only `LeaseLostError` and database errors. */
  async show(app: LarkApp, target: ReplyTarget, held: HeldReply, frame: AnswerFrame): Promise<void> {
    if (this.frames.isRefused(held.turnId)) return
    const sender = this.senderOf(app, target, held)
    try {
      const parts = answerParts(frame.markdown)
      await new PartSequence(sender, held, this.ledger).match(parts)
      const view = { ...frame, markdown: parts[held.former.length] ?? '' }
      if (held.current.messageId) await sender.grow(view, this.frames.of(held))
      else await sender.open(view, true)
      held.lastFrameAt = this.clock.now()
      this.frames.remember(held, view)
      if (canMove(held.phase, 'streaming')) held.phase = 'streaming'
    } catch (error) {
      held.lastFrameAt = this.clock.now()
      this.dropped(held, error)
    }
    await this.ledger.save(held)
  }

  private dropped({ turnId }: HeldReply, error: unknown): void {
    this.frames.doubt(turnId)
    if (!(error instanceof LarkApiError) && !(error instanceof DeliveryUnknownError)) throw error
    this.log.debug('a frame was dropped', { turn: turnId }, error)
    if (!isRepeatable(error)) this.frames.refuse(turnId)
  }

  /** Another attempt answers: the next frame is a whole card, as the buttons of one that streams are those of the former attempt. */
  async startOver(held: HeldReply): Promise<void> {
    if (!held.streamingSince) return
    held.streamingSince = null
    await this.ledger.save(held)
  }

  /** Nothing new to show, but a card that streams must not be ended by Lark. */
  async keepAlive(app: LarkApp, target: ReplyTarget, held: HeldReply): Promise<void> {
    const since = held.streamingSince
    try {
      await this.senderOf(app, target, held).operations.keepStreaming()
    } catch (error) {
      if (!(error instanceof LarkApiError)) throw error
      this.log.debug('streaming was not kept on', { turn: target.turnId }, error)
    }
    if (held.streamingSince !== since) await this.ledger.save(held)
  }

  /**
   * The last frame, or the one in which the answer waits for a person: repeated until Lark's answer is definite, in a simpler
   * form where Lark refuses this one. Throws a repeatable `LarkApiError` while Lark's answer stays ambiguous: another form
   * might then be a second answer. The last try answers `delivery_unknown` instead; the card that is there, if any, is left to
   * `conclude`, and says that its files do not come. The lease ends with it, except where the answer waits: until `keepText` its
   * text does not count as shown, and where files are sent behind it. The sign that the answer was coming goes behind it, which
   * is not waited for.
   */
  async finish(
    app: LarkApp,
    target: ReplyTarget,
    held: HeldReply,
    frame: AnswerFrame,
    phase: RestingPhase,
    options: FinishOptions = {}
  ): Promise<Delivery> {
    if (!canMove(held.phase, phase)) return deliveryOf(held, phase)
    return this.rest(app, target, held, { ...options, frame, phase })
  }

  /**
   * The end of an answer whose card, or what replaces it, may not show it: `frame`, or its kept text, if any. Throws as
   * `finish`.
   */
  async conclude(app: LarkApp, target: ReplyTarget, held: HeldReply, frame?: AnswerFrame): Promise<void> {
    const { phase, text } = held
    const last = frame ?? (text === null ? null : { markdown: text })
    if (phase !== 'failed' || !last) return
    await this.rest(app, target, held, { frame: last, phase, onlyCloses: frame !== undefined })
  }

  private async rest(app: LarkApp, target: ReplyTarget, held: HeldReply, rest: Rest): Promise<Delivery> {
    const { frame, phase, behind, lateNote = frame.note } = rest
    const delivery = await this.deliver(app, target, held, rest)
    held.phase = delivery === 'delivered' ? phase : 'failed'
    held.filesBehind = (behind?.files ?? []).map(({ place }) => place)
    if (delivery !== 'delivered') held.text = keptText({ ...frame, note: lateNote }, delivery, behind)
    else if (phase !== 'waiting') held.text = null
    held.lastFrameAt = this.clock.now()
    const hasFiles = held.filesBehind.length > 0
    held.released = !hasFiles && phase !== 'waiting'
    await this.ledger.save(held, true)
    this.frames.forget(held.turnId)
    void this.removeSign(app, target, held)
    return delivery
  }

  /** What the answer says goes on from here, in the transaction that lets its turn wait for a person. Throws `LeaseLostError`. */
  keepText(manager: EntityManager, held: HeldReply, markdown: string): Promise<void> {
    return this.ledger.keepText(manager, held, markdown)
  }

  /** Its card stays as it is until `conclude`; what it says by now, in the transaction that ends its turn. Throws `LeaseLostError`. */
  leave(manager: EntityManager, held: HeldReply, markdown: string): Promise<void> {
    return this.ledger.leave(manager, held, markdown)
  }

  /** The person's message is gone, and its reactions with it: Lark refuses to remove one (230110). */
  async forgetSign(held: HeldReply): Promise<void> {
    await this.ledger.forgetReaction(held)
    held.reactionId = null
  }

  /** Nothing was shown and nothing will be: only the sign that an answer was coming goes away. */
  async withdraw(app: LarkApp, target: ReplyTarget, held: HeldReply): Promise<void> {
    held.phase = 'stopped'
    held.released = true
    await this.ledger.save(held, true)
    void this.removeSign(app, target, held)
  }

  /** Not waited for: others may wait for the end of this answer, and Lark for as long as it likes. */
  private async removeSign(app: LarkApp, target: ReplyTarget, { reactionId, phase }: HeldReply): Promise<void> {
    if (!reactionId) return
    await this.sign.remove(app, target, reactionId)
    // Whoever goes on with it, on any instance, removes what the ledger still knows.
    if (phase !== 'complete') await this.sign.writeOff()
  }

  private async deliver(
    app: LarkApp,
    target: ReplyTarget,
    held: HeldReply,
    { frame, isLastTry, onlyCloses }: Rest
  ): Promise<Delivery> {
    const sequence = new PartSequence(this.senderOf(app, target, held), held, this.ledger)
    const parts = partsWith(frame.approval, frame.markdown)
    try {
      await sequence.match(parts)
      await sequence.settleFormer(parts)
      await sequence.bring({ ...frame, markdown: parts[held.former.length] ?? '' }, onlyCloses)
      // Why the answer itself is not there stays known.
      if (!onlyCloses) held.fault = null
      return 'delivered'
    } catch (error) {
      if (error instanceof DeliveryUnknownError) return this.undelivered(target, 'delivery_unknown', error)
      if (!(error instanceof LarkApiError)) throw error
      held.fault = faultOf(error)
      if (isRepeatable(error)) {
        if (isLastTry) return this.undelivered(target, 'delivery_unknown', error)
        await this.ledger.save(held)
        throw error
      }
      return this.undelivered(target, refusalOf(error.code), error)
    }
  }

  private undelivered(target: ReplyTarget, reason: Delivery, error: unknown): Delivery {
    this.log.error('an answer could not be delivered', { ...idsOf(target), reason }, error)
    return reason
  }

  private senderOf(app: LarkApp, target: ReplyTarget, held: HeldReply): PartSender {
    const now = () => this.clock.now()
    return new PartSender(this.apis, this.forms, { app, target, held, ledger: this.ledger, now })
  }
}
