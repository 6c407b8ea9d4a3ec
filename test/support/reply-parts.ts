import { HeldReply, newPart } from '../../src/reply/held-reply'
import { NotedSign, ReplyLedger, ReplyOwner } from '../../src/reply/reply-ledger.repository'
import { AppForms } from '../../src/reply/app-forms'
import { ReplyPhase } from '../../src/reply/reply-phase'
import { ReplyWriter } from '../../src/reply/reply-writer'
import { TypingSign } from '../../src/reply/typing-sign'
import { Clock, LeaseLostError } from '../../src/shared'
import { FakeLark } from './fake-lark'

/** The ledger without its table: remembers what was written last. */
export class MemoryLedger extends ReplyLedger {
  saved: HeldReply | undefined
  reactionId: string | null = null
  lost = false
  saves = 0

  constructor() {
    super(undefined as never)
  }

  override async acquire({ turnId }: ReplyOwner): Promise<HeldReply> {
    const fresh: HeldReply = {
      turnId,
      flushToken: 'token',
      phase: 'idle',
      form: null,
      current: newPart(),
      former: [],
      takenBack: 0,
      replaced: [],
      filesBehind: [],
      lastFrameAt: null,
      sendingSince: null,
      streamingSince: null,
      reactionId: this.reactionId,
      text: null,
      fault: null,
      confirmedAt: performance.now()
    }
    const { confirmedAt } = fresh
    return structuredClone({ ...fresh, ...this.saved, confirmedAt, released: false })
  }

  override async save(reply: HeldReply): Promise<void> {
    if (this.lost) throw new LeaseLostError('reply lease')
    this.saves += 1
    this.saved = structuredClone(reply)
    reply.reactionId = this.reactionId
  }

  override async renew(): Promise<void> {
    if (this.lost) throw new LeaseLostError('reply lease')
  }

  override async forgetReaction(): Promise<void> {
    this.reactionId = null
  }

  override async forgetSigns(signs: readonly NotedSign[]): Promise<void> {
    if (signs.some(({ reactionId }) => reactionId === this.reactionId)) this.reactionId = null
  }

  override async noteReaction(
    _owner: ReplyOwner,
    reactionId: string
  ): Promise<{ phase: ReplyPhase; former: string | null }> {
    const former = this.reactionId
    this.reactionId = reactionId
    return { phase: this.saved?.phase ?? 'idle', former }
  }
}

/** The reply room over a Lark and a ledger that only remember. */
export const replyParts = (clock: Clock) => {
  const lark = new FakeLark()
  const ledger = new MemoryLedger()
  const sign = new TypingSign(lark, ledger, clock)
  const writer = new ReplyWriter(lark, ledger, new AppForms(lark, clock), sign, clock)
  return { lark, ledger, sign, writer }
}
