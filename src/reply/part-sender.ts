import { LARK_CODES, LarkApi, LarkApiError, LarkApis, LarkApp } from '../lark'
import { Log } from '../shared'
import { AppForms } from './app-forms'
import { CardOperations } from './card-operations'
import { ANSWER_ELEMENT, CardView, noteText, NOTE_ELEMENT, renderCard } from './card-renderer'
import {
  DeliveryUnknownError,
  isRepeatable,
  repeatUntilDefinite,
  replyOnce,
  sendEntity,
  ReplyTarget,
  UUID_MS
} from './delivery'
import { HeldReply, newPart, ReplyPart } from './held-reply'
import { contentOf, digestOf, plain } from './part-content'
import { formAfter, isCardForm, ReplyForm } from './reply-form'
import { ReplyLedger } from './reply-ledger.repository'

/** The message is gone for people too: there is nothing left to recall. */
const GONE_CODES: ReadonlySet<number> = new Set([
  LARK_CODES.messageRecalled,
  LARK_CODES.messageDeleted,
  LARK_CODES.messageUnknown
])

export const isGone = ({ larkCode }: LarkApiError): boolean => GONE_CODES.has(larkCode)

export interface SendContext {
  app: LarkApp
  target: ReplyTarget
  held: HeldReply
  ledger: ReplyLedger
  now(): Date
}

/**
 * Calls to Lark for the current message of one answer. Everything that must outlive this process is in the ledger before
 * the call that depends on it; errors that leave open what happened pass through, to be repeated. Each call, and each
 * repetition, is made only while this process holds the answer; else it throws `LeaseLostError`.
 */
export class PartSender {
  private readonly log = new Log('reply')
  private isPlain = false
  private readonly api: LarkApi
  private readonly frames: LarkApi
  readonly operations: CardOperations

  constructor(
    apis: LarkApis,
    private readonly forms: AppForms,
    private readonly context: SendContext
  ) {
    const { app, held, ledger } = context
    const mayCall = () => ledger.prove(held)
    this.api = apis.for(app, 'answer', mayCall)
    this.frames = apis.for(app, 'frame', mayCall)
    this.operations = new CardOperations(this.api, held, context.now, () => ledger.renew(held))
  }

  private get held(): HeldReply {
    return this.context.held
  }

  /**
   * Sends the current part, or brings it to this view where it is there; steps down where Lark refuses to send. A form that can
   * not grow waits for the end.
   */
  async open(view: CardView, grows: boolean): Promise<void> {
    const { held } = this
    for (;;) {
      if (held.current.messageId) return this.overtake(view, grows)
      const form: ReplyForm = held.form ?? (await this.firstForm(grows))
      if (grows && !isCardForm(form)) return
      try {
        await this.send(form, this.isPlain ? plain(view) : view, grows)
        return
      } catch (error) {
        // Another form would be a second message beside one that is there.
        if (!(error instanceof LarkApiError) || isRepeatable(error) || held.current.messageId) throw error
        this.stepDown(form, error)
      }
    }
  }

  /** Shows a further state of the current card. `before`: what its elements show, where that is known. */
  async grow(view: CardView, before: { markdown: string; note: string } | undefined): Promise<void> {
    const { held, frames } = this
    const { current } = held
    if (!current.cardId) return frames.patchCard({ messageId: current.messageId!, card: renderCard(view) })
    if (!held.streamingSince) return this.growAgain(view)
    await this.operations.keepStreaming()
    const texts: [elementId: string, text: string, shown: string | undefined][] = [
      [ANSWER_ELEMENT, view.markdown, before?.markdown],
      [NOTE_ELEMENT, noteText(view), before?.note]
    ]
    for (const [elementId, text, shown] of texts) {
      if (text === '' || text === shown) continue
      await this.operations.run(current, (cardId, sequence) =>
        frames.setCardText({ cardId, elementId, text, sequence })
      )
    }
  }

  /** A card that was brought to an end has other elements than one that streams. */
  private async growAgain(view: CardView): Promise<void> {
    const card = renderCard(view, true)
    await this.operations.run(this.held.current, (cardId, sequence) =>
      this.frames.updateCard({ cardId, card, sequence })
    )
    this.held.streamingSince = this.context.now()
  }

  /** The last state of a card that is there. */
  async settle(part: ReplyPart, view: CardView): Promise<void> {
    try {
      await this.change(part, this.isPlain ? plain(view) : view)
    } catch (error) {
      if (!(error instanceof LarkApiError) || isRepeatable(error) || this.isPlain) throw error
      if (error.code !== 'step_down' && error.code !== 'too_long') throw error
      this.isPlain = true
      await this.change(part, plain(view))
    }
    part.shown = digestOf(view)
  }

  /** The current card can not be changed any more: what comes goes into a new message. */
  startAnew(refusal: LarkApiError): void {
    const { held } = this
    const { messageId } = held.current
    if (messageId && !isGone(refusal)) held.replaced.push(messageId)
    if (held.form === 'entity') held.form = 'card'
    held.current = { ...newPart(), replaces: true }
    held.streamingSince = null
    held.takenBack += 1
  }

  /** What stands for them is there. */
  async recallReplaced(): Promise<void> {
    for (const messageId of this.held.replaced.splice(0)) await this.recall(messageId)
  }

  /** The answer is shorter than it was: its last message goes, and the one before is the current one again. */
  async takeBack(): Promise<void> {
    const { held } = this
    if (held.sendingSince && !held.current.messageId) await repeatUntilDefinite(() => this.findSent(held.form!))
    if (held.current.messageId) await this.recall(held.current.messageId)
    held.current = held.former.pop()!
    Object.assign(held, { sendingSince: null, streamingSince: null })
    held.takenBack += 1
    await this.context.ledger.save(held)
  }

  /** Whether the current message is there, and as which, only the same call can tell; a refusal says that it is not. */
  private async findSent(form: ReplyForm): Promise<void> {
    try {
      await this.send(form, { markdown: '' }, false)
    } catch (error) {
      if (!(error instanceof LarkApiError) || isRepeatable(error)) throw error
    }
  }

  /**
   * Takes back a message that says nothing any more. Lark may not let us, or leave it open for too long: then it stays, for rather one
   * message too many than none at the end.
   */
  private async recall(messageId: string): Promise<void> {
    await repeatUntilDefinite(() => this.api.recallMessage({ messageId })).catch((error: unknown) => {
      if (!(error instanceof LarkApiError)) throw error
      this.log.debug('a message was not taken back', { turn: this.held.turnId }, error)
    })
  }

  private async firstForm(grows: boolean): Promise<ReplyForm> {
    // What does not grow needs no entity, and one call less.
    return grows ? this.forms.best(this.context.app) : 'card'
  }

  private async send(form: ReplyForm, view: CardView, grows: boolean): Promise<void> {
    const { held, context } = this
    const { current } = held
    if (form === 'entity' && !current.cardId) {
      const { cardId } = await this.api.createCard({ card: renderCard(view, grows) })
      Object.assign(current, { cardId, sequence: 0 })
      held.streamingSince = grows ? context.now() : null
    }
    const repeated = held.sendingSince !== null
    if (repeated) this.mindTheHour(held.sendingSince!)
    else await this.noteSending(form)
    const reply = () => replyOnce(this.api, context.target, this.purposeOf(form), contentOf(form, view, current))
    const sent = await (form === 'entity' ? sendEntity(reply) : reply())
    current.messageId = sent.messageId
    held.sendingSince = null
    // Lark answers a repeated uuid with the first message: what that one shows may be older than this view.
    if (repeated && isCardForm(form)) await this.overtake(view, grows)
    else current.shown = digestOf(view)
  }

  /** One message each: Lark answers a uuid that it knows with the first message, be it recalled since. */
  private purposeOf(form: ReplyForm): string {
    const { current, former, takenBack } = this.held
    const place = takenBack > 0 ? `${former.length + 1}.${takenBack}` : former.length + 1
    return [current.replaces ? 'again' : 'part', place, form].join('-')
  }

  private overtake(view: CardView, grows: boolean): Promise<void> {
    return grows ? this.grow(view, undefined) : this.settle(this.held.current, view)
  }

  private async noteSending(form: ReplyForm): Promise<void> {
    this.held.form = form
    this.held.sendingSince = this.context.now()
    await this.context.ledger.save(this.held)
  }

  private mindTheHour(since: Date): void {
    if (this.context.now().getTime() - since.getTime() >= UUID_MS) throw new DeliveryUnknownError(this.held.turnId)
  }

  /** Throws the refusal where there is nothing left to try. */
  private stepDown(form: ReplyForm, refusal: LarkApiError): void {
    const { held } = this
    // It is not there: a later call, however late, is no repetition.
    Object.assign(held, { sendingSince: null, streamingSince: null })
    Object.assign(held.current, { cardId: null, sequence: 0 })
    const isAboutTheCard = refusal.code === 'step_down' || refusal.code === 'too_long'
    if (isCardForm(form) && isAboutTheCard && !this.isPlain) {
      this.isPlain = true
    } else {
      const next = formAfter(form, refusal)
      if (!next) throw refusal
      // What Lark refuses about one card is no reason to do without streaming in others.
      if (form === 'entity' && refusal.code === 'forbidden') this.forms.refuseEntities(this.context.app)
      held.form = next
    }
  }

  private async change(part: ReplyPart, view: CardView): Promise<void> {
    if (!part.cardId) return this.api.patchCard({ messageId: part.messageId!, card: renderCard(view) })
    const card = renderCard(view)
    await this.operations.run(part, (cardId, sequence) => this.api.updateCard({ cardId, card, sequence }))
    if (part === this.held.current) this.held.streamingSince = null
  }
}
