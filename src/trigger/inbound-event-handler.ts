import { Injectable } from '@nestjs/common'
import { ClaimedEvent, HandlingResult, InboxHandler } from '../inbox'
import { BotIdentity, EventInvalidError, LarkApis, MESSAGE_RECEIVED, MessageEvent, parseMessageEvent } from '../lark'
import { IntegrationReader, LarkIntegration } from '../settings'
import { Clock, Log, PluginError } from '../shared'
import { BindingRepository } from './binding.repository'
import { EventNotices } from './event-notices'
import { MessageRouter } from './message-router'
import { parseTriggerConfig } from './trigger-config'

/** A republish stops the old binding before it makes the new one: a message in between waits this long. */
const REPUBLISH_MS = 15_000
const REPUBLISH_POLL_SECONDS = 2

class BotUnknownError extends PluginError<'bot_unknown'> {}

/**
 * Work on one claimed event: read it, find the binding, decide, and either refuse it with a reason, answer it with a notice,
 * or join it to a turn. No run and no Lark call of an answer happens here.
 */
@Injectable()
export class InboundEventHandler extends InboxHandler {
  private readonly log = new Log('trigger')

  constructor(
    private readonly bindings: BindingRepository,
    private readonly integrations: IntegrationReader,
    private readonly apis: LarkApis,
    private readonly router: MessageRouter,
    private readonly notices: EventNotices,
    private readonly clock: Clock
  ) {
    super()
  }

  async handle(event: ClaimedEvent): Promise<HandlingResult> {
    if (event.eventType !== MESSAGE_RECEIVED) return { state: 'refused', reason: 'event_not_supported' }
    const message = this.parse(event)
    if (!message) return { state: 'refused', reason: 'malformed_event' }
    const binding = await this.bindings.find(event.integrationId)
    if (!binding) return this.unbound(event)
    const integration = await this.integrations.find(event.integrationId)
    if (!integration) return { state: 'received', retryInSeconds: REPUBLISH_POLL_SECONDS }
    const bot = message.chatType === 'group' ? await this.botOf(integration, event) : null
    const { config } = parseTriggerConfig(binding.config)
    return this.router.route(event, { message, integration, binding, config, bot })
  }

  async exhausted(event: ClaimedEvent): Promise<void> {
    try {
      const integration = await this.integrations.find(event.integrationId)
      if (integration) await this.notices.tell(event, integration, 'notAnswered')
    } catch (error) {
      this.log.error('a person could not be told that a message was not answered', { event: event.id }, error)
    }
  }

  /** Without the bot's identity a mention can not be told from silence: the message waits until Lark can be asked. */
  private async botOf(integration: LarkIntegration, event: ClaimedEvent): Promise<BotIdentity> {
    const bot = await this.apis.botOf(integration.settings)
    if (!bot)
      throw new BotUnknownError('bot_unknown', 'Lark did not say who the bot is', { details: { event: event.id } })
    return bot
  }

  private parse(event: ClaimedEvent): MessageEvent | null {
    try {
      return parseMessageEvent(event.payload)
    } catch (error) {
      if (!(error instanceof EventInvalidError)) throw error
      this.log.warn('an event can not be read', { event: event.id }, error)
      return null
    }
  }

  private unbound(event: ClaimedEvent): HandlingResult {
    const age = this.clock.now().getTime() - event.receivedAt.getTime()
    if (age < REPUBLISH_MS) return { state: 'received', retryInSeconds: REPUBLISH_POLL_SECONDS }
    return { state: 'refused', reason: 'not_published' }
  }
}
