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

/** The bot may have been mentioned in front of it, and who of the mentioned is the bot is not known here. */
const commandIn = (event: MessageEvent): string | undefined =>
  [null, ...event.mentions].flatMap((mentioned) => {
    const bot = mentioned && { openId: mentioned.openId, name: mentioned.name, activateStatus: 0 }
    return readCommand(readableText(event, bot).text)?.name ?? []
  })[0]

const messageOf = ({ payload }: ReceivedRow): MessageEvent | null => unlessInvalid(() => parseMessageEvent(payload))
