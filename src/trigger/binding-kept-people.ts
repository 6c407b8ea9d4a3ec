import { Injectable } from '@nestjs/common'
import { KeptPeople } from '../directory'
import { UnsettledSenders } from '../inbox'
import { chosenPeople } from './binding-chosen-targets'
import { BindingRepository } from './binding.repository'
import { parseTriggerConfig } from './trigger-config'

/** By the published trigger and by the inbox. */
@Injectable()
export class BindingKeptPeople extends KeptPeople {
  constructor(
    private readonly bindings: BindingRepository,
    private readonly senders: UnsettledSenders
  ) {
    super()
  }

  async of(integrationId: string): Promise<readonly string[] | null> {
    const binding = await this.bindings.find(integrationId)
    if (!binding) return null
    const chosen = chosenPeople(parseTriggerConfig(binding.config).config)
    return [...new Set([...chosen, ...(await this.senders.of(integrationId))])]
  }
}
