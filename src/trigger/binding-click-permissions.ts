import { Injectable } from '@nestjs/common'
import { ClickPermission, ClickPermissions, Presser } from '../conversation'
import { BindingRepository } from './binding.repository'
import { mayAsk } from './message-policy'
import { parseTriggerConfig } from './trigger-config'

/** Of the published trigger, read at every click. */
@Injectable()
export class BindingClickPermissions extends ClickPermissions {
  constructor(private readonly bindings: BindingRepository) {
    super()
  }

  async of({ integrationId, xpertId, ...presser }: Presser): Promise<ClickPermission> {
    const binding = await this.bindings.find(integrationId)
    if (binding?.xpertId !== xpertId) return { unavailable: 'not_published', mayAsk: false, approverOpenIds: [] }
    const { config } = parseTriggerConfig(binding.config)
    return {
      unavailable: config.enabled ? null : 'disabled',
      mayAsk: mayAsk(presser, config),
      approverOpenIds: config.approverOpenIds
    }
  }
}
