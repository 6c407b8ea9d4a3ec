import { Injectable } from '@nestjs/common'
import { chainOf, HistoryScope, KnownMessage, ScopeMessages } from '../conversation'
import { ReceivedMessages, ReceivedRow } from '../inbox'
import { MESSAGE_RECEIVED, MessageEvent, parseMessageEvent, readableText, unlessInvalid } from '../lark'
import { readCommand } from '../i18n'

/** What people wrote, read from the inbox rows as long as retention leaves their payloads. */
@Injectable()
export class InboxScopeMessages extends ScopeMessages {
  constructor(private readonly received: ReceivedMessages) {
    super()
  }

  async recent(scope: HistoryScope, limit: number): Promise<KnownMessage[]> {
    const known: KnownMessage[] = []
    for (const row of await this.received.recent({ ...scope, eventType: MESSAGE_RECEIVED }, limit)) {
      const event = messageOf(row)
      if (!event || (scope.rootId !== null && chainOf(event) !== scope.rootId)) continue
      const command = commandIn(event)
      if (command === 'new') break
      if (!command) known.unshift({ event, turnId: row.turnId })
    }
    return known
  }

  async find(integrationId: string, messageId: string): Promise<MessageEvent | null> {
    const row = await this.received.find(MESSAGE_RECEIVED, integrationId, messageId)
    return row && messageOf(row)
  }
}

/** A longer message is an order only with its text behind it, and the bot mentioned first, if at all. */
const SHORT_CHARS = 500

/**
 * The bot may have been mentioned with it, and who of the mentioned is the bot is not known here. Each is tried only in short
 * messages: a long one costs as much again for everybody whom it mentions.
 */
const commandIn = (event: MessageEvent): string | undefined => {
  const mentions = event.content.length > SHORT_CHARS ? event.mentions.slice(0, 1) : event.mentions
  for (const mentioned of [null, ...mentions]) {
    const bot = mentioned && { openId: mentioned.openId, name: mentioned.name, activateStatus: 0 }
    const command = readCommand(readableText(event, bot).text)
    if (command) return command.name
  }
  return undefined
}

const messageOf = ({ payload }: ReceivedRow): MessageEvent | null => unlessInvalid(() => parseMessageEvent(payload))
