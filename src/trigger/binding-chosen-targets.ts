import { Injectable } from '@nestjs/common'
import { ChosenTargets } from '../directory'
import { BindingRepository } from './binding.repository'
import { parseTriggerConfig, TriggerConfig } from './trigger-config'

export const chosenPeople = (config: TriggerConfig): string[] => [
  ...config.singleChatUserOpenIds,
  ...config.groupUserOpenIds,
  ...config.approverOpenIds
]

/** Of the published trigger: at most one an integration. */
@Injectable()
export class BindingChosenTargets extends ChosenTargets {
  constructor(private readonly bindings: BindingRepository) {
    super()
  }

  async of(integrationId: string): Promise<{ openIds: readonly string[]; chatIds: readonly string[] }> {
    const binding = await this.bindings.find(integrationId)
    if (!binding) return { openIds: [], chatIds: [] }
    const { config } = parseTriggerConfig(binding.config)
    return { openIds: chosenPeople(config), chatIds: config.allowedGroupChatIds }
  }
}
