import { Injectable } from '@nestjs/common'
import { ClaimedEvent, InboxRepository } from '../inbox'
import { isSameApp, MessageEvent } from '../lark'
import { IntegrationReader, IntegrationUnavailableError, LarkIntegration } from '../settings'
import { Binding, BindingRepository } from './binding.repository'
import { UnpublishedSpells } from './unpublished-spells'

/** A republish stops the old binding before it makes the new one: a message in between waits this long. */
export const REPUBLISH_MS = 15_000

/** `republishing`: nobody answers just now; `unpublished`: nor for as long as a republish takes. The others never come back. */
export type NoRoute = 'republishing' | 'unpublished' | 'integration_removed' | 'integration_unusable'

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
    private readonly integrations: IntegrationReader,
    private readonly inbox: InboxRepository,
    private readonly spells: UnpublishedSpells
  ) {}

  /** Throws `IntegrationUnavailableError` while an integration that may answer can not be read. */
  async of(event: ClaimedEvent, message: MessageEvent): Promise<EventRoute | NoRoute> {
    const binding = (await this.bindings.find(event.integrationId)) ?? (await this.redirected(event, message))
    if (!binding) return this.spells.unpublished(event.integrationId) < REPUBLISH_MS ? 'republishing' : 'unpublished'
    this.spells.published(event.integrationId)
    const found = await this.integrations.read(binding.integrationId)
    if (typeof found === 'object') return { binding, integration: found.integration }
    if (found === 'unknown') return 'integration_removed'
    return 'integration_unusable'
  }

  private async redirected(event: ClaimedEvent, message: MessageEvent): Promise<Binding | null> {
    const chosen = await this.integrations.lookUp(event.integrationId)
    let unread: string | null = null
    for (const binding of await this.bindings.ofOrganization(event.tenantId, event.organizationId)) {
      const other = await this.integrations.lookUp(binding.integrationId)
      if (other === 'unavailable') unread = binding.integrationId
      if (typeof other === 'string' || other.integration.settings.appId !== message.appId) continue
      if (typeof chosen === 'object' && !isSameApp(chosen.integration.settings, other.integration.settings)) continue
      await this.inbox.redirect(event, binding.integrationId)
      return binding
    }
    // It may be the one that answers.
    if (unread !== null) throw new IntegrationUnavailableError(unread)
    return null
  }
}
