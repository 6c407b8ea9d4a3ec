import { Injectable } from '@nestjs/common'
import { IntegrationReader, LarkSettings } from '../settings'
import { Binding, BindingRepository } from './binding.repository'

/** Who answers for an app: its integrations may share it, and an event of it belongs to the one that has a binding. */
@Injectable()
export class AppBindings {
  constructor(
    private readonly bindings: BindingRepository,
    private readonly integrations: IntegrationReader
  ) {}

  /**
   * The organisation's first binding of an integration that `isOfApp`; null where there is none. `unread`: none is known, and this
   * integration, which can not be read just now, may have it.
   */
  async of(
    { tenantId, organizationId }: { tenantId: string; organizationId: string | null },
    isOfApp: (settings: LarkSettings) => boolean
  ): Promise<Binding | { unread: string } | null> {
    let unread: string | null = null
    for (const binding of await this.bindings.ofOrganization(tenantId, organizationId)) {
      const found = await this.integrations.lookUp(binding.integrationId)
      if (found === 'unavailable') unread = binding.integrationId
      if (typeof found === 'object' && isOfApp(found.integration.settings)) return binding
    }
    return unread === null ? null : { unread }
  }
}
