import { Injectable } from '@nestjs/common'
import { PluginConfigReader } from '../cluster'
import { ConnectionStatuses, exclusionOf } from '../long-connection'
import { IntegrationReader } from '../settings'
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
  async of(integrationId: string): Promise<TabSituation> {
    const { messageTexts: showsTexts } = this.config.read().views
    const integration = await this.integrations.find(integrationId)
    if (!integration || integration.settings.connectionMode === 'webhook')
      return { mode: 'webhook', isSwitchedOff: false, showsTexts }
    const connection = await this.statuses.of(integration)
    const isSwitchedOff = connection?.desiredState === 'disconnected'
    const state = connection ? (exclusionOf(connection) ?? connection.state) : 'closed'
    const badge = isSwitchedOff ? 'disconnected' : state
    return { mode: 'long_connection', isSwitchedOff, showsTexts, badge }
  }
}
