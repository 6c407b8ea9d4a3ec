import { Injectable } from '@nestjs/common'
import { Conversations, SessionCommands } from '../conversation'
import { TextKey } from '../i18n'
import { Command } from './command'
import { Routing, scopeOf, senderOf } from './routing'

/** Does what a person ordered; may run more than once for one message. */
@Injectable()
export class CommandHandler {
  constructor(
    private readonly conversations: Conversations,
    private readonly commands: SessionCommands
  ) {}

  /** What the person is told; null where a card says it. */
  async obey(routing: Routing, command: Command): Promise<TextKey | null> {
    const scope = scopeOf(routing)
    const sender = senderOf(routing.message)
    if (command.name === 'new') {
      await this.conversations.startNew(scope, sender)
      return 'newConversation'
    }
    if (command.name === 'help') {
      await this.commands.endWindow(scope, sender)
      return 'help'
    }
    const stopped = await this.commands.stop(scope, sender)
    if (stopped === 'running') return null
    return stopped === 'collected' ? 'bufferDropped' : 'nothingToStop'
  }

  /** A person's message that is not answered, where bots may talk to each other: they may go on. */
  async overheard(routing: Routing): Promise<void> {
    const { config, message } = routing
    if (config.respondToBots && message.chatType === 'group' && message.sender.type === 'user')
      await this.commands.humanSpoke(scopeOf(routing))
  }
}
