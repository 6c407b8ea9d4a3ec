import { Injectable } from '@nestjs/common'
import { XpertNames } from '../host'
import { isSameApp } from '../lark'
import { Bindable, IntegrationReader, PublishedExpert, PublishedExperts } from '../settings'
import { Binding, BindingRepository } from './binding.repository'
import { isUnreadable } from './message-policy'
import { parseTriggerConfig } from './trigger-config'

const stateOf = ({ config: row }: Binding): PublishedExpert['state'] => {
  const { config, invalid } = parseTriggerConfig(row)
  if (!config.enabled) return 'off'
  return isUnreadable(invalid) ? 'invalid' : 'answers'
}

/** As routing decides it: by the integration's own binding, else by that of another integration of the app. */
@Injectable()
export class BindingExperts extends PublishedExperts {
  constructor(
    private readonly bindings: BindingRepository,
    private readonly integrations: IntegrationReader,
    private readonly names: XpertNames
  ) {
    super()
  }

  async of(integration: Bindable): Promise<PublishedExpert> {
    const own = await this.bindings.find(integration.id)
    const binding = own ?? (await this.elsewhere(integration))
    if (!binding) return { state: 'none', name: '', isElsewhere: false }
    const names = await this.names.of(binding.tenantId, [binding.xpertId])
    return { state: stateOf(binding), name: names.get(binding.xpertId) ?? binding.xpertId, isElsewhere: !own }
  }

  private async elsewhere({ tenantId, organizationId, settings }: Bindable): Promise<Binding | null> {
    if (tenantId === null) return null
    for (const binding of await this.bindings.ofOrganization(tenantId, organizationId)) {
      const other = await this.integrations.lookUp(binding.integrationId)
      if (typeof other === 'object' && isSameApp(settings, other.integration.settings)) return binding
    }
    return null
  }
}
