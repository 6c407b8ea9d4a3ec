import { Injectable } from '@nestjs/common'
import { ClaimedEvent, InboxRepository } from '../inbox'
import { isSameApp, MessageEvent } from '../lark'
import { IntegrationReader, IntegrationUnavailableError, LarkIntegration } from '../settings'
import { AppBindings } from './app-bindings'
import { Binding, BindingRepository } from './binding.repository'
import { UnpublishedSpells } from './unpublished-spells'

/** A republish stops the old binding before it makes the new one: a message in between waits this long. */
export const REPUBLISH_MS = 15_000

/** `republishing`: nobody answers just now; `unpublished`: nor for as long as a republish takes. The others never come back. */
export type NoRoute = 'republishing' | 'unpublished' | 'integration_removed' | 'integration_unusable' | 'wrong_app'

export interface EventRoute {
  binding: Binding
  integration: LarkIntegration
}

/**
 * Which binding answers an event. The integrations of one app may share its connection, and its owner chooses from memory:
 * where the chosen one has no binding, the one that has gets the event, and its row says so.
 */
@Injectable()
export class EventRoutes {
  constructor(
    private readonly bindings: BindingRepository,
    private readonly apps: AppBindings,
    private readonly integrations: IntegrationReader,
    private readonly inbox: InboxRepository,
    private readonly spells: UnpublishedSpells
  ) {}

  /** Throws `IntegrationUnavailableError` while an integration that may answer can not be read. */
  async of(event: ClaimedEvent, message: MessageEvent): Promise<EventRoute | NoRoute> {
    const own = await this.bindings.find(event.integrationId)
    const binding = own ?? (await this.redirected(event, message))
    if (binding === 'integration_removed') return binding
    if (!binding) return this.spells.unpublished(event.integrationId) < REPUBLISH_MS ? 'republishing' : 'unpublished'
    this.spells.published(event.integrationId)
    const found = await this.integrations.read(binding.integrationId)
    if (typeof found === 'object') {
      const { integration } = found
      // Accepted, or kept, from before the integration named another app, which knows neither its chat nor its sender.
      return integration.settings.appId === message.appId ? { binding, integration } : 'wrong_app'
    }
    if (found === 'unknown') return 'integration_removed'
    return 'integration_unusable'
  }

  private async redirected(
    event: ClaimedEvent,
    message: MessageEvent
  ): Promise<Binding | 'integration_removed' | null> {
    const chosen = await this.integrations.lookUp(event.integrationId)
    const binding = await this.apps.of(
      event,
      (settings) =>
        settings.appId === message.appId &&
        (typeof chosen === 'string' || isSameApp(chosen.integration.settings, settings))
    )
    if (binding && 'unread' in binding) throw new IntegrationUnavailableError(binding.unread)
    if (binding) await this.inbox.redirect(event, binding.integrationId)
    // Its binding went with it.
    return binding ?? (chosen === 'unknown' ? 'integration_removed' : null)
  }
}
