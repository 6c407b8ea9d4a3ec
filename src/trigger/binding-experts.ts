import { Injectable } from '@nestjs/common'
import { XpertNames, XpertRows } from '../host'
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
    private readonly names: XpertNames,
    private readonly experts: XpertRows
  ) {
    super()
  }

  async of(integration: Bindable): Promise<PublishedExpert> {
    const own = await this.bindings.find(integration.id)
    const binding = own ?? (await this.elsewhere(integration))
    if (!binding) return { state: 'none', name: '', isElsewhere: false }
    if (binding === 'unknown') return { state: 'unknown', name: '', isElsewhere: false }
    const { tenantId, xpertId } = binding
    const [names, gone] = await Promise.all([this.names.of(tenantId, [xpertId]), this.experts.gone([xpertId])])
    const state = gone.has(xpertId) ? 'gone' : stateOf(binding)
    return { state, name: names.get(xpertId) ?? xpertId, isElsewhere: !own }
  }

  /** `unknown`: none is known, and an integration that may be of the app can not be read just now. */
  private async elsewhere({ tenantId, organizationId, settings }: Bindable): Promise<Binding | null | 'unknown'> {
    if (tenantId === null) return null
    let isUnread = false
    for (const binding of await this.bindings.ofOrganization(tenantId, organizationId)) {
      const other = await this.integrations.lookUp(binding.integrationId)
      if (other === 'unavailable') isUnread = true
      if (typeof other === 'object' && isSameApp(settings, other.integration.settings)) return binding
    }
    return isUnread ? 'unknown' : null
  }
}
