import { Injectable } from '@nestjs/common'
import { Conversations, SessionCommands, SessionScope } from '../conversation'
import { Command, TextKey } from '../i18n'
import { ClaimedEvent, InboxRepository, SenderEvents } from '../inbox'
import { Clock } from '../shared'
import { Routing, scopeOf, senderOf } from './routing'

/** What is not routed by then waits for something that may take long. */
const PATIENCE_MS = 15_000

/** Does what a person ordered; may run more than once for one message. */
@Injectable()
export class CommandHandler {
  constructor(
    private readonly conversations: Conversations,
    private readonly commands: SessionCommands,
    private readonly inbox: InboxRepository,
    private readonly senderEvents: SenderEvents,
    private readonly clock: Clock
  ) {}

  /** What the person is told; null where a card says it; `later` when what it is about is not here yet. */
  async obey(event: ClaimedEvent, routing: Routing, command: Command): Promise<TextKey | 'later' | null> {
    const scope = scopeOf(routing)
    const sender = senderOf(routing.message)
    if (command.name === 'new') {
      await this.conversations.startNew(scope, sender, (manager) => this.inbox.hold(manager, event))
      return 'newConversation'
    }
    if (command.name === 'help') {
      await this.commands.endWindow(scope, sender)
      return 'help'
    }
    // Looked for first: what is routed between the two looks is then there to be stopped.
    const isAhead = await this.isAhead(event)
    const stopped = await this.stop(routing, scope, sender)
    if (stopped === 'running' || stopped === 'asking') return null
    if (stopped === 'collected') return 'bufferDropped'
    if (isAhead) return 'later'
    // An attempt before this one has done it, and nobody was told.
    if (stopped === 'nothing' && (await this.senderEvents.hasStopped(event))) return 'bufferDropped'
    return stopped === 'not_yours' ? 'clickNotYours' : 'nothingToStop'
  }

  private async stop(routing: Routing, scope: SessionScope, senderId: string) {
    const sentUntil = routing.message.createTime
    const isApprover = routing.config.approverOpenIds.includes(senderId)
    const stopped = await this.commands.stop(scope, { senderId, isApprover, sentUntil })
    if ((stopped !== 'nothing' && stopped !== 'not_yours') || !isOutsideThreads(routing)) return stopped
    const inChat = await this.commands.stopInChat(scope, senderId, sentUntil)
    return inChat === 'nothing' ? stopped : inChat
  }

  /** An order to stop has a lane of its own: it may overtake the very question that it is about. */
  private async isAhead(event: ClaimedEvent): Promise<boolean> {
    if (this.clock.now().getTime() - event.receivedAt.getTime() > PATIENCE_MS) return false
    return this.senderEvents.hasFormer(event)
  }

  /** A person's message that the expert does not get, where bots may talk to each other: they may go on. */
  async overheard(routing: Routing): Promise<void> {
    const { config, message } = routing
    if (config.respondToBots && message.chatType === 'group' && message.sender.type === 'user')
      await this.commands.humanSpoke(scopeOf(routing))
  }
}

/** Where each thread is a conversation, an order that replies to nothing has one of its own, in which nothing ever runs. */
const isOutsideThreads = ({ message, config }: Routing): boolean =>
  config.sessionScope === 'thread' && message.chatType === 'group' && !message.threadId && !message.rootId
