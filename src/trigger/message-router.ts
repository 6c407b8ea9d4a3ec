import { Injectable } from '@nestjs/common'
import { BotLoopError, Conversations, MAX_BOT_TURNS, SessionCommands } from '../conversation'
import { Directory, SpeakerNames } from '../directory'
import { TextKey } from '../i18n'
import { ClaimedEvent, HandlingResult, InboxRepository } from '../inbox'
import { mentionsBot, ReadableText, readableText } from '../lark'
import { Command, readCommand } from './command'
import { EventNotices } from './event-notices'
import { decideReply, isBotSender, RefusalReason, ReplyDecision } from './message-policy'
import { isSharedScope, newTurnOf, Routing, scopeOf, senderOf } from './routing'
import { TriggerConfig } from './trigger-config'

const OUT_OF_SCOPE: ReadonlySet<string> = new Set([
  'direct_chat_not_allowed',
  'group_not_allowed',
  'sender_not_allowed'
])

/** Decides about one message and does what was decided. */
@Injectable()
export class MessageRouter {
  constructor(
    private readonly inbox: InboxRepository,
    private readonly conversations: Conversations,
    private readonly commands: SessionCommands,
    private readonly directory: Directory,
    private readonly names: SpeakerNames,
    private readonly notices: EventNotices
  ) {}

  async route(event: ClaimedEvent, routing: Routing): Promise<HandlingResult> {
    const { message, integration, config, bot } = routing
    const decision = decideReply(message, config, bot)
    if (!decision.answer) return this.refuse(event, routing, decision)
    this.directory.saw(integration, message)
    this.names.learn(integration.id, message)
    const read = readableText(message, bot)
    if (read.text === '') return this.notice(event, routing, 'emptyMessage', 'empty_message')
    const command = isSpokenTo(routing) ? readCommand(read.text) : null
    if (command && !(command.name === 'new' && command.text)) return this.obey(event, routing, command)
    return this.open(event, routing, command ? { ...read, text: command.text } : read, command !== null)
  }

  private async refuse(
    event: ClaimedEvent,
    routing: Routing,
    { reason, addressed }: Extract<ReplyDecision, { answer: false }>
  ): Promise<HandlingResult> {
    const { message, config } = routing
    if (config.respondToBots && message.chatType === 'group' && message.sender.type === 'user')
      await this.commands.humanSpoke(scopeOf(routing))
    if (config.outOfScopeReply && addressed && OUT_OF_SCOPE.has(reason) && !isBotSender(message))
      await this.notices.tell(event, routing.integration, 'outOfScope')
    return { state: 'refused', reason, keepPayload: isContext(reason, config) }
  }

  private async obey(event: ClaimedEvent, routing: Routing, command: Command): Promise<HandlingResult> {
    const scope = scopeOf(routing)
    const sender = senderOf(routing.message)
    const reason = `command_${command.name}`
    if (command.name === 'new') {
      await this.conversations.startNew(scope, sender)
      return this.notice(event, routing, 'newConversation', reason)
    }
    if (command.name === 'help') {
      await this.commands.endWindow(scope, sender)
      return this.notice(event, routing, 'help', reason)
    }
    const stopped = await this.commands.stop(scope, sender)
    // A card of the stopped answer says so itself.
    if (stopped === 'running') return { state: 'answered', reason }
    return this.notice(event, routing, stopped === 'collected' ? 'bufferDropped' : 'nothingToStop', reason)
  }

  private async notice(
    event: ClaimedEvent,
    { integration }: Routing,
    key: TextKey,
    reason: string
  ): Promise<HandlingResult> {
    await this.notices.tell(event, integration, key)
    return { state: 'answered', reason }
  }

  /** A neutral label where nobody tells the name. */
  private async speakerOf({ integration, message }: Routing): Promise<string> {
    const sender = senderOf(message)
    return (await this.names.of(integration, [sender])).get(sender) ?? sender
  }

  private async open(
    event: ClaimedEvent,
    routing: Routing,
    read: ReadableText,
    startsNew: boolean
  ): Promise<HandlingResult> {
    const { integration } = routing
    const speaker = isSharedScope(routing) ? await this.speakerOf(routing) : undefined
    try {
      await this.conversations.open(newTurnOf(routing, read, { speaker, startsNew }), (manager, turnId) =>
        this.inbox.attach(manager, event, turnId)
      )
      return { state: 'attached' }
    } catch (error) {
      if (!(error instanceof BotLoopError)) throw error
      // People are told once: when the first bot is cut short.
      if (error.botTurns === MAX_BOT_TURNS + 1) await this.notices.tell(event, integration, 'botLoop')
      return { state: 'refused', reason: 'bot_loop' }
    }
  }
}

/** Commands are for the bot: in a group that hears every message, only when it is mentioned. */
const isSpokenTo = ({ message, bot }: Routing): boolean =>
  message.chatType === 'p2p' || (bot !== null && mentionsBot(message, bot.openId))

/** What people say to each other in a group, where an admin wants the expert to know it. */
const isContext = (
  reason: RefusalReason,
  { captureUnmentionedGroupMessages, historyMessages }: TriggerConfig
): boolean => reason === 'not_mentioned' && captureUnmentionedGroupMessages && historyMessages > 0
