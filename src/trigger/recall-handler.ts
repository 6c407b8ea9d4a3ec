import { Injectable } from '@nestjs/common'
import { Recalls } from '../conversation'
import { ClaimedEvent, HandlingResult, RecallRepository } from '../inbox'
import { parseRecalledEvent, unlessInvalid } from '../lark'
import { Clock } from '../shared'

/** Somebody routes the message just now: then it is dropped a moment later, or its turn ends. */
const AGAIN_SECONDS = 1

/** A person took a message back: it is not answered any more, and nothing keeps what it said. */
@Injectable()
export class RecallHandler {
  constructor(
    private readonly inbox: RecallRepository,
    private readonly recalls: Recalls,
    private readonly clock: Clock
  ) {}

  async handle(event: ClaimedEvent): Promise<HandlingResult> {
    const recalled = unlessInvalid(() => parseRecalledEvent(event.payload))
    if (!recalled) return { state: 'refused', reason: 'malformed_event' }
    const { messageId } = recalled
    const found = await this.inbox.drop(event, messageId, this.clock.now())
    for (const { id, turnId } of found) {
      if (!turnId) continue
      await this.recalls.recall(turnId, messageId, (manager) => this.inbox.dropAttached(manager, id, this.clock.now()))
    }
    if (found.some(({ state }) => state === 'claimed')) return { state: 'received', retryInSeconds: AGAIN_SECONDS }
    return { state: 'answered', reason: 'recall' }
  }
}
