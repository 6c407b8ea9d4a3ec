import { Injectable } from '@nestjs/common'
import { XpertNames, XpertRows } from '../host'
import { isSameApp } from '../lark'
import { Bindable, PublishedExpert, PublishedExperts } from '../settings'
import { AppBindings } from './app-bindings'
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
    private readonly apps: AppBindings,
    private readonly names: XpertNames,
    private readonly experts: XpertRows
  ) {
    super()
  }

  async of(integration: Bindable): Promise<PublishedExpert> {
    const own = await this.bindings.find(integration.id)
    const binding = own ?? (await this.elsewhere(integration))
    if (!binding) return { state: 'none', name: '', isElsewhere: false }
    if ('unread' in binding) return { state: 'unknown', name: '', isElsewhere: false }
    const { tenantId, xpertId } = binding
    const [names, gone] = await Promise.all([this.names.of(tenantId, [xpertId]), this.experts.gone([xpertId])])
    const state = gone.has(xpertId) ? 'gone' : stateOf(binding)
    return { state, name: names.get(xpertId) ?? xpertId, isElsewhere: !own }
  }

  private async elsewhere({
    tenantId,
    organizationId,
    settings
  }: Bindable): Promise<Binding | { unread: string } | null> {
    if (tenantId === null) return null
    return this.apps.of({ tenantId, organizationId }, (other) => isSameApp(settings, other))
  }
}
