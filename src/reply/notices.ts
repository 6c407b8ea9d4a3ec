import { Injectable } from '@nestjs/common'
import { LarkApis, LarkApp } from '../lark'
import { withoutMentions } from './card-markdown'
import { repeatUntilDefinite, replyOnce } from './delivery'

/** The inbox row or turn that a notice is about, and where. */
export interface NoticeOrigin {
  id: string
  integrationId: string
  chatId: string
  messageId: string
  inThread?: boolean
}

/**
 * A sentence to a person outside any turn. It has no ledger row: its `uuid` comes from the inbox row, so however often the
 * row is handled, the person reads it once.
 */
@Injectable()
export class Notices {
  constructor(private readonly apis: LarkApis) {}

  /** Throws `LarkApiError` when Lark refused it, or gave no definite answer within about half a minute. */
  async reply(app: LarkApp, event: NoticeOrigin, text: string): Promise<void> {
    await repeatUntilDefinite(() => this.replyNow(app, event, text))
  }

  /** One call, for work that is repeated itself. Throws `LarkApiError`. */
  async replyNow(app: LarkApp, event: NoticeOrigin, text: string): Promise<void> {
    const target = {
      turnId: event.id,
      integrationId: event.integrationId,
      chatId: event.chatId,
      anchorMessageId: event.messageId,
      inThread: event.inThread ?? false
    }
    const message = { msgType: 'text' as const, content: { text: withoutMentions(text) } }
    await replyOnce(this.apis.for(app), target, 'notice', message)
  }
}
