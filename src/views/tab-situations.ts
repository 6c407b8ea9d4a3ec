import { Injectable } from '@nestjs/common'
import { PluginConfigReader } from '../cluster'
import { Language, say, stateText } from '../i18n'
import { ConnectionStatuses, exclusionOf } from '../long-connection'
import { IntegrationReader, LarkSettings } from '../settings'
import type { TabSituation } from './manifests'

/** With neither a token nor a key every callback is refused. */
export const isConfigured = ({ verificationToken, encryptKey }: LarkSettings): boolean =>
  verificationToken !== undefined || encryptKey !== undefined

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
    const badgeOf = (state: string): string => say(stateText(state), language)
    const { messageTexts: showsTexts } = this.config.read().views
    const found = await this.integrations.lookUp(integrationId)
    const webhook = { mode: 'webhook', isSwitchedOff: false, showsTexts } as const
    if (typeof found === 'string') return webhook
    const { integration } = found
    if (integration.settings.connectionMode === 'webhook')
      return isConfigured(integration.settings) ? webhook : { ...webhook, badge: badgeOf('not_configured') }
    const connection = await this.statuses.of(integration)
    const isSwitchedOff = connection?.desiredState === 'disconnected'
    const state = connection ? (exclusionOf(connection) ?? connection.state) : 'closed'
    const badge = badgeOf(isSwitchedOff ? 'disconnected' : state)
    return { mode: 'long_connection', isSwitchedOff, showsTexts, badge }
  }
}
