import { Injectable } from '@nestjs/common'
import { ClaimedEvent, HandlingResult, InboxHandler, MAX_ATTEMPTS } from '../inbox'
import { EventInvalidError, LarkApis, MESSAGE_RECEIVED, MessageEvent, parseMessageEvent } from '../lark'
import { IntegrationUnavailableError } from '../settings'
import { Clock, LimitedLog, Log } from '../shared'
import { Binding } from './binding.repository'
import { botSoon } from './bot-soon'
import { EventRoutes, REPUBLISH_MS } from './event-routes'
import { LastWord } from './last-word'
import { MessageRouter } from './message-router'
import { OtherEvents } from './other-events'
import { ParsedTrigger, parseTriggerConfig } from './trigger-config'

/** Without the bot's identity a mention can not be told from silence: the message waits until Lark says who it is. */
const BOT_UNKNOWN_MS = 10 * 60_000

/** The host's trouble with its own reads ends sooner. */
const UNREADABLE_MS = 10 * 60_000

const AGAIN = { state: 'received', retryInSeconds: 2 } as const

/**
 * Work on one claimed event: read it, find the binding, decide, and either refuse it with a reason, answer it with a notice,
 * or join it to a turn. No run and no Lark call of an answer happens here.
 */
@Injectable()
export class InboundEventHandler extends InboxHandler {
  private readonly log = new Log('trigger')
  private readonly limited: LimitedLog
  private readonly configs = new WeakMap<Binding['config'], ParsedTrigger>()

  constructor(
    private readonly routes: EventRoutes,
    private readonly others: OtherEvents,
    private readonly apis: LarkApis,
    private readonly router: MessageRouter,
    private readonly lastWord: LastWord,
    private readonly clock: Clock
  ) {
    super()
    this.limited = new LimitedLog(this.log, clock)
  }

  async handle(event: ClaimedEvent): Promise<HandlingResult> {
    try {
      return await this.work(event)
    } catch (error) {
      if (!(error instanceof IntegrationUnavailableError)) throw error
      return this.unreadable(event, error)
    }
  }

  private async work(event: ClaimedEvent): Promise<HandlingResult> {
    if (event.eventType !== MESSAGE_RECEIVED) return this.others.handle(event)
    const message = this.parse(event)
    if (!message) return { state: 'refused', reason: 'malformed_event' }
    const route = await this.routes.of(event, message)
    if (route === 'republishing') return AGAIN
    if (route === 'unpublished') return this.later(event, REPUBLISH_MS) ?? this.router.unpublished(event, message)
    if (typeof route === 'string') return { state: 'refused', reason: route }
    const { binding, integration } = route
    const bot = message.chatType === 'group' ? await botSoon(this.apis, integration.settings) : null
    // Nobody is told: it may be a message that was not for the bot.
    if (message.chatType === 'group' && !bot)
      return this.later(event, BOT_UNKNOWN_MS) ?? { state: 'failed', reason: 'bot_unknown' }
    return this.router.route(event, { message, integration, binding, ...this.configOf(binding), bot })
  }

  async exhausted(event: ClaimedEvent): Promise<void> {
    if (event.eventType === MESSAGE_RECEIVED) await this.lastWord.say(event)
  }

  /** Events that share a look at the table share its reading. */
  private configOf({ config: row }: Binding): ParsedTrigger {
    const parsed = this.configs.get(row) ?? parseTriggerConfig(row)
    this.configs.set(row, parsed)
    return parsed
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

  /**
   * The host has trouble with its own reads. An event that has waited for long, be it for other reasons, has its attempts left. Nobody is
   * told then: it takes the integration, and it may be a message for nobody here.
   */
  private unreadable(event: ClaimedEvent, error: IntegrationUnavailableError): HandlingResult {
    this.limited.warn(
      event.integrationId,
      'an integration can not be read, its events wait',
      { event: event.id },
      error
    )
    const again = this.later(event, UNREADABLE_MS)
    if (again) return again
    if (event.attempt < MAX_ATTEMPTS) throw error
    return { state: 'failed', reason: 'integration_unreadable' }
  }

  /** Back to the lane for a moment, which is no attempt; null once the event has waited long enough. */
  private later(event: ClaimedEvent, patienceMs: number): HandlingResult | null {
    const age = this.clock.now().getTime() - event.receivedAt.getTime()
    return age < patienceMs ? AGAIN : null
  }
}
