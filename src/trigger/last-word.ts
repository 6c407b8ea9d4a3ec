import { Injectable } from '@nestjs/common'
import { ClaimedEvent } from '../inbox'
import { LarkApis, MessageEvent, parseMessageEvent } from '../lark'
import { IntegrationReader } from '../settings'
import { Log } from '../shared'
import { botSoon } from './bot-soon'
import { EventNotices } from './event-notices'
import { EventRoute, EventRoutes } from './event-routes'
import { decideReply, isSpokenTo } from './message-policy'
import { parseTriggerConfig } from './trigger-config'

/** After the last attempt at a message: whoever waits for an answer is told that there is none; a group that talks among itself is not. */
@Injectable()
export class LastWord {
  private readonly log = new Log('trigger')

  constructor(
    private readonly routes: EventRoutes,
    private readonly integrations: IntegrationReader,
    private readonly apis: LarkApis,
    private readonly notices: EventNotices
  ) {}

  /** Never throws. */
  async say(event: ClaimedEvent): Promise<void> {
    if (await this.isAwaited(event)) await this.notices.apologise(event)
  }

  /** Where nobody can say what is published, whoever wrote directly or mentions the bot waits. */
  private async isAwaited(event: ClaimedEvent): Promise<boolean> {
    try {
      const message = parseMessageEvent(event.payload)
      if (message.sender.type !== 'user') return false
      const route = await this.routeOf(event, message)
      const found = route ?? (await this.integrations.lookUp(event.integrationId))
      const needsBot = message.chatType === 'group' && typeof found === 'object'
      const bot = needsBot ? await botSoon(this.apis, found.integration.settings) : null
      if (!route) return isSpokenTo(message, bot)
      const { config, invalid } = parseTriggerConfig(route.binding.config)
      const decision = decideReply(message, config, bot, invalid)
      return decision.answer || decision.addressed
    } catch (error) {
      this.log.warn('nobody can say whether a message was for the bot', { event: event.id }, error)
      return false
    }
  }

  private async routeOf(event: ClaimedEvent, message: MessageEvent): Promise<EventRoute | null> {
    try {
      const route = await this.routes.of(event, message)
      return typeof route === 'string' ? null : route
    } catch {
      return null
    }
  }
}
