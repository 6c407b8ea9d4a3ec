import { Injectable } from '@nestjs/common'
import { ClaimedEvent, HandlingResult } from '../inbox'
import { CARD_ACTION, MESSAGE_RECALLED } from '../lark'
import { ClickHandler } from './click-handler'
import { RecallHandler } from './recall-handler'

/** Events that are no message. */
@Injectable()
export class OtherEvents {
  constructor(
    private readonly clicks: ClickHandler,
    private readonly recalls: RecallHandler
  ) {}

  async handle(event: ClaimedEvent): Promise<HandlingResult> {
    if (event.eventType === CARD_ACTION) return this.clicks.handle(event)
    if (event.eventType === MESSAGE_RECALLED) return this.recalls.handle(event)
    return { state: 'refused', reason: 'event_not_supported' }
  }
}
