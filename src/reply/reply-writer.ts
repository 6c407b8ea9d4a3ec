import { Injectable } from '@nestjs/common'
import { LarkApi, LarkApiError, LarkApis, LarkApp, LarkReaction } from '../lark'
import { Clock, Log, messageOf } from '../shared'
import { CardView, MAX_CARD_TEXT_BYTES, renderCard, withoutMentions } from './card-renderer'
import { isRepeatable, repeatUntilDefinite, replyOnce, ReplyTarget } from './delivery'
import { canMove, FinalPhase } from './reply-phase'
import { HeldReply, ReplyLedger, ReplyOwner } from './reply-ledger.repository'
import { splitMarkdown } from './split-markdown'

export { ReplyTarget } from './delivery'

export interface AnswerFrame {
  markdown: string
  note?: string
}

/** Well within the flush lease. */
const RENEW_MS = 5_000

/** No other form of the message would pass either. */
const HOPELESS: ReadonlySet<LarkReaction> = new Set(['forbidden', 'quota', 'credentials', 'content_refused'])

const isHopeless = (error: unknown): boolean => error instanceof LarkApiError && HOPELESS.has(error.code)

/** Shows one turn's answer: one card that is replied once and patched while it grows, text where a card is refused. */
@Injectable()
export class ReplyWriter {
  private readonly log = new Log('reply')

  constructor(
    private readonly apis: LarkApis,
    private readonly ledger: ReplyLedger,
    private readonly clock: Clock
  ) {}

  /** Takes the flush lease of one answer, opening its ledger row if need be; null while somebody else holds it. */
  hold(owner: ReplyOwner): Promise<HeldReply | null> {
    return this.ledger.acquire(owner)
  }

  /** Keeps the lease while `work` runs, however slow Lark is, and lets it go afterwards. */
  async whileHeld(held: HeldReply, work: () => Promise<void>): Promise<void> {
    const renewal = setInterval(() => {
      this.ledger
        .renew(held)
        .catch((error: unknown) =>
          this.log.debug('a lease was not renewed', { turn: held.turnId, error: messageOf(error) })
        )
    }, RENEW_MS)
    try {
      await work()
    } finally {
      clearInterval(renewal)
      await this.ledger.release(held)
    }
  }

  /** An intermediate frame: where it can not be shown, the next one will be. Throws only `LeaseLostError` and database errors. */
  async show(app: LarkApp, target: ReplyTarget, held: HeldReply, frame: AnswerFrame): Promise<void> {
    const [head = ''] = splitMarkdown(frame.markdown, MAX_CARD_TEXT_BYTES)
    try {
      await this.showCard(this.apis.for(app), target, held, { markdown: head, note: frame.note })
      if (held.phase === 'idle') held.phase = 'streaming'
    } catch (error) {
      if (!(error instanceof LarkApiError)) throw error
      this.log.debug('a frame was dropped', { turn: target.turnId, code: error.code, larkCode: error.larkCode })
    }
    held.lastFrameAt = this.clock.now()
    await this.ledger.save(held)
  }

  /**
   * The last frame: repeated until Lark's answer is definite, as text where Lark refuses the card. False when the person
   * can not be shown it in any form. Throws a repeatable `LarkApiError` while Lark's answer stays ambiguous: another form
   * might then be a second answer.
   */
  async finish(
    app: LarkApp,
    target: ReplyTarget,
    held: HeldReply,
    frame: AnswerFrame,
    phase: FinalPhase
  ): Promise<boolean> {
    if (!canMove(held.phase, phase)) return held.phase === phase
    const api = this.apis.for(app)
    const [head = '', ...rest] = splitMarkdown(frame.markdown, MAX_CARD_TEXT_BYTES)
    const first = rest.length === 0 ? { markdown: head, note: frame.note } : { markdown: head }
    let delivered = await this.deliver(api, target, held, first)
    for (const [index, markdown] of rest.entries()) {
      const note = index === rest.length - 1 ? frame.note : undefined
      delivered = (await this.deliverPart(api, target, index + 2, { markdown, note })) && delivered
    }
    held.phase = delivered ? phase : 'failed'
    held.lastFrameAt = this.clock.now()
    await this.ledger.save(held)
    return delivered
  }

  private async deliver(api: LarkApi, target: ReplyTarget, held: HeldReply, view: CardView): Promise<boolean> {
    try {
      await repeatUntilDefinite(() => this.showCard(api, target, held, view))
      return true
    } catch (error) {
      if (isRepeatable(error)) throw error
      return this.deliverText(api, target, 'text', view, error)
    }
  }

  private async deliverPart(api: LarkApi, target: ReplyTarget, part: number, view: CardView): Promise<boolean> {
    const message = { msgType: 'interactive' as const, content: renderCard(view) }
    try {
      await repeatUntilDefinite(() => replyOnce(api, target, `part-${part}`, message))
      return true
    } catch (error) {
      if (isRepeatable(error)) throw error
      return this.deliverText(api, target, `text-${part}`, view, error)
    }
  }

  private async deliverText(
    api: LarkApi,
    target: ReplyTarget,
    purpose: string,
    view: CardView,
    refusal: unknown
  ): Promise<boolean> {
    this.log.warn('the answer could not be shown as a card', { turn: target.turnId }, refusal)
    if (!(refusal instanceof LarkApiError) || isHopeless(refusal)) return false
    const text = withoutMentions([view.markdown, view.note].filter(Boolean).join('\n\n'))
    try {
      await repeatUntilDefinite(() => replyOnce(api, target, purpose, { msgType: 'text', content: { text } }))
      return true
    } catch (error) {
      if (isRepeatable(error)) throw error
      this.log.error('the answer could not be delivered', { turn: target.turnId }, error)
      return false
    }
  }

  private async showCard(api: LarkApi, target: ReplyTarget, held: HeldReply, view: CardView): Promise<void> {
    const card = renderCard(view)
    if (held.messageId) {
      await api.patchCard({ messageId: held.messageId, card })
      return
    }
    const repeated = held.maybeSent
    held.maybeSent = true
    const sent = await replyOnce(api, target, 'card', { msgType: 'interactive', content: card })
    held.messageId = sent.messageId
    // Lark answers a repeated uuid with the first message: what that one shows may be older than this view.
    if (repeated) await api.patchCard({ messageId: held.messageId, card })
  }
}
