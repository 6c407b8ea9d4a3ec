import { Injectable } from '@nestjs/common'
import { LarkApis, LarkApp } from '../lark'
import { repeatUntilDefinite, replyOnce } from './delivery'

/**
 * A sentence to a person outside any turn. It has no ledger row: its `uuid` comes from the inbox row, so however often the
 * row is handled, the person reads it once.
 */
@Injectable()
export class Notices {
  constructor(private readonly apis: LarkApis) {}

  /** Throws `LarkApiError` when Lark refused it, or gave no definite answer within about half a minute. */
  async reply(
    app: LarkApp,
    event: { id: string; integrationId: string; chatId: string; messageId: string; inThread?: boolean },
    text: string
  ): Promise<void> {
    const target = {
      turnId: event.id,
      integrationId: event.integrationId,
      chatId: event.chatId,
      anchorMessageId: event.messageId,
      inThread: event.inThread ?? false
    }
    const message = { msgType: 'text' as const, content: { text } }
    await repeatUntilDefinite(() => replyOnce(this.apis.for(app), target, 'notice', message))
  }
}
