import { Injectable } from '@nestjs/common'
import { languageOf } from '../i18n'
import { LarkApis } from '../lark'
import { ConnectionStatuses } from '../long-connection'
import { LarkIntegration, LarkSettings } from '../settings'
import { WebhookActivity, WebhookFigures } from '../webhook'
import { describeConnection } from './describe-connection'
import { MessageList } from './message-list'

/** Cards with large values: short, and the same in every language (host-observed 43). */
const refusedCallbacks = ({ rejected, lastRejection }: WebhookFigures): string =>
  lastRejection
    ? `${rejected} (${lastRejection.code}, ${lastRejection.at.toISOString().slice(0, 16)}Z)`
    : String(rejected)

/** With neither a token nor a key every callback is refused. */
const webhookState = ({ verificationToken, encryptKey }: LarkSettings): string =>
  verificationToken === undefined && encryptKey === undefined ? 'not_configured' : 'webhook'

/** What the Status tab says about one integration. */
@Injectable()
export class StatusSummary {
  constructor(
    private readonly statuses: ConnectionStatuses,
    private readonly messages: MessageList,
    private readonly apis: LarkApis,
    private readonly webhooks: WebhookActivity
  ) {}

  async of(integration: LarkIntegration): Promise<Record<string, unknown>> {
    const { id, settings } = integration
    const isWebhook = settings.connectionMode === 'webhook'
    const [counts, bot, connection, callbacks] = await Promise.all([
      this.messages.counts(id),
      this.apis.botOf(settings),
      isWebhook ? null : this.statuses.of(integration),
      this.webhooks.of(id)
    ])
    return {
      mode: settings.connectionMode,
      state: isWebhook ? webhookState(settings) : (connection?.state ?? 'closed'),
      bot: bot?.name ?? '-',
      lastConnected: connection?.lastConnectedAt ?? null,
      owner: connection?.owner ?? '-',
      lastFrame: connection?.lastFrameAt ?? null,
      connection: (connection && describeConnection(connection, languageOf(settings.preferLanguage))) ?? '-',
      messages: `${counts.waiting} / ${counts.failed}`,
      callbacks: refusedCallbacks(callbacks)
    }
  }
}
