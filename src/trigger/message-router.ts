import { Injectable } from '@nestjs/common'
import { BotLoopError, Conversations, MAX_BOT_TURNS } from '../conversation'
import { Command, readCommand, TextKey } from '../i18n'
import { ClaimedEvent, HandlingResult, InboxRepository } from '../inbox'
import { MessageEvent, ReadableText, readableText } from '../lark'
import { CommandHandler } from './command-handler'
import { ComeBack, EventNotices } from './event-notices'
import { materialOf } from './message-material'
import { decideReply, isBotSender, isContext, isSpokenTo, RefusalReason, ReplyDecision } from './message-policy'
import { newTurnOf, Routing } from './routing'
import { Senders } from './senders'
import { UnansweredPeople } from './unanswered-people'

/** A message that came before an order is routed just now. */
const AGAIN_SECONDS = 1

const NOBODY_ANSWERS: ReadonlySet<RefusalReason> = new Set(['disabled', 'settings_invalid'])

const OUT_OF_SCOPE: ReadonlySet<RefusalReason> = new Set([
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
    private readonly commands: CommandHandler,
    private readonly senders: Senders,
    private readonly notices: EventNotices,
    private readonly unanswered: UnansweredPeople
  ) {}

  /** No expert is published on the integration that the event came to. */
  async unpublished(event: ClaimedEvent, message: MessageEvent): Promise<HandlingResult> {
    const comeBack = await this.unanswered.unpublished(event, message)
    return comeBack ?? { state: 'refused', reason: 'not_published' }
  }

  async route(event: ClaimedEvent, found: Routing): Promise<HandlingResult> {
    const routing = await this.inItsTopic(event, found)
    const { message, config, bot, invalid } = routing
    this.senders.saw(routing)
    const decision = decideReply(message, config, bot, invalid)
    if (!decision.answer) return this.refuse(event, routing, decision)
    await this.senders.meet(routing)
    const read = askedText(message, readableText(message, bot))
    const command = read && commandIn(read.text, routing)
    if (!read || (command && !command.text)) await this.commands.overheard(routing)
    if (!read) return this.notice(event, routing, 'emptyMessage', 'empty_message')
    if (command && !command.text) {
      const told = await this.commands.obey(event, routing, command)
      if (told === 'later') return { state: 'received', retryInSeconds: AGAIN_SECONDS }
      return told ? this.notice(event, routing, told, 'command') : { state: 'answered', reason: 'command' }
    }
    return this.open(event, routing, command ? { ...read, text: command.text } : read, command !== null)
  }

  /** In topic groups a reply may name its topic only by the first message of it (lark-platform §3.2). */
  private async inItsTopic(event: ClaimedEvent, routing: Routing): Promise<Routing> {
    const { chatType, threadId, rootId } = routing.message
    if (chatType !== 'group' || threadId !== undefined || rootId === undefined) return routing
    const topic = await this.inbox.joinTopic(event, { integrationId: routing.integration.id, messageId: rootId })
    return topic === null ? routing : { ...routing, message: { ...routing.message, threadId: topic } }
  }

  private async refuse(
    event: ClaimedEvent,
    routing: Routing,
    { reason, addressed }: Extract<ReplyDecision, { answer: false }>
  ): Promise<HandlingResult> {
    await this.commands.overheard(routing)
    const comeBack = await this.tellRefused(event, routing, { reason, addressed })
    return comeBack ?? { state: 'refused', reason, keepPayload: isContext(reason, routing.message, routing.config) }
  }

  private async tellRefused(
    event: ClaimedEvent,
    { message, integration, config, bot }: Routing,
    { reason, addressed }: { reason: RefusalReason; addressed: boolean }
  ): Promise<ComeBack | null> {
    if (NOBODY_ANSWERS.has(reason)) return this.unanswered.tell(event, { message, integration, bot })
    const isTold = config.outOfScopeReply && addressed && OUT_OF_SCOPE.has(reason) && !isBotSender(message)
    return isTold ? this.notices.tell(event, integration, 'outOfScope') : null
  }

  private async notice(
    event: ClaimedEvent,
    { integration }: Routing,
    key: TextKey,
    reason: string
  ): Promise<HandlingResult> {
    return (await this.notices.tell(event, integration, key)) ?? { state: 'answered', reason }
  }

  private async open(
    event: ClaimedEvent,
    routing: Routing,
    read: ReadableText,
    startsNew: boolean
  ): Promise<HandlingResult> {
    const speaker = await this.senders.labelOf(routing)
    try {
      await this.conversations.open(newTurnOf(routing, read, { speaker, startsNew }), (manager, turnId) =>
        this.inbox.attach(manager, event, turnId)
      )
      return { state: 'attached' }
    } catch (error) {
      if (!(error instanceof BotLoopError)) throw error
      // People are told once: when the first bot is cut short. Another attempt would find that one bot more was.
      if (error.botTurns === MAX_BOT_TURNS + 1) await this.notices.apologise(event, 'botLoop')
      return { state: 'refused', reason: 'bot_loop' }
    }
  }
}

/** For the expert: a turn without a text would be one that was taken back. */
const NO_TEXT = '(no text)'

/** Null when nothing was said and nothing is referred to. A bare mention in reply to a message asks about that one. */
const askedText = (message: MessageEvent, read: ReadableText): ReadableText | null => {
  if (read.text !== '') return read
  return materialOf(message, read).material ? { ...read, text: NO_TEXT } : null
}

/**
 * Commands are for the bot: in a group that hears every message, only when it is mentioned. Other bots begin no new conversation:
 * one that has talked for too long would end the people's.
 */
const commandIn = (text: string, { message, bot }: Routing): Command | null => {
  const command = isSpokenTo(message, bot) ? readCommand(text) : null
  return command?.name === 'new' && isBotSender(message) ? null : command
}
