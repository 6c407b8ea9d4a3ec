import { LRUCache } from 'lru-cache'
import { CardView, noteText } from './card-renderer'
import { HeldReply } from './held-reply'

const MAX_REMEMBERED = 2_000

/** What the elements of a card show. */
export interface ShownFrame {
  messageId: string
  at: number
  markdown: string
  note: string
}

/** What this process knows of the frames of answers under way: forgotten with the process, and with each answer's end. */
export class ShownFrames {
  private readonly shown = new LRUCache<string, ShownFrame>({ max: MAX_REMEMBERED })
  private readonly refused = new LRUCache<string, boolean>({ max: MAX_REMEMBERED })

  /** What the current card shows, as long as nobody else has shown a frame since: spares sending it again. */
  of(held: HeldReply): ShownFrame | undefined {
    const shown = this.shown.get(held.turnId)
    const isOfCurrent = shown?.messageId === held.current.messageId && shown?.at === held.lastFrameAt?.getTime()
    return isOfCurrent ? shown : undefined
  }

  remember({ turnId, current, lastFrameAt }: HeldReply, view: CardView): void {
    const { messageId } = current
    if (!messageId || !lastFrameAt) return
    this.shown.set(turnId, { messageId, at: lastFrameAt.getTime(), markdown: view.markdown, note: noteText(view) })
  }

  /** Nobody can tell what the card shows. */
  doubt(turnId: string): void {
    this.shown.delete(turnId)
  }

  /** Lark can not say yes to the next frame either. */
  refuse(turnId: string): void {
    this.refused.set(turnId, true)
  }

  isRefused(turnId: string): boolean {
    return this.refused.has(turnId)
  }

  forget(turnId: string): void {
    this.shown.delete(turnId)
    this.refused.delete(turnId)
  }
}
