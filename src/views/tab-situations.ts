import { Injectable } from '@nestjs/common'
import { PluginConfigReader } from '../cluster'
import { Language, say } from '../i18n'
import { ConnectionStatuses } from '../long-connection'
import { IntegrationReader } from '../settings'
import { stateOf, stateText } from './integration-state'
import type { TabSituation } from './manifests'

/** What an integration's tabs look like just now; reads, and never asks Lark. */
@Injectable()
export class TabSituations {
  constructor(
    private readonly integrations: IntegrationReader,
    private readonly statuses: ConnectionStatuses,
    private readonly config: PluginConfigReader
  ) {}

  /** Of an integration that can not be read, the tabs of a webhook: they have no button that needs a connection. */
  async of(integrationId: string, language: Language): Promise<TabSituation> {
    const { messageTexts: showsTexts } = this.config.read().views
    const found = await this.integrations.lookUp(integrationId)
    const webhook = { mode: 'webhook', isSwitchedOff: false, showsTexts } as const
    if (typeof found === 'string') return webhook
    const { integration } = found
    const { connectionMode: mode } = integration.settings
    const state = stateOf(integration.settings, mode === 'webhook' ? null : await this.statuses.of(integration))
    if (state === 'webhook') return webhook
    return { mode, isSwitchedOff: state === 'disconnected', showsTexts, badge: say(stateText(state), language) }
  }
}
