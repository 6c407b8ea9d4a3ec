import { Injectable } from '@nestjs/common'
import { appKeyOf, LarkApis } from '../lark'
import { ConnectionStatuses } from '../long-connection'
import { LarkIntegration, LarkSettings } from '../settings'
import { WebhookActivity, WebhookFigures } from '../webhook'
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

  async of({ id, settings }: LarkIntegration): Promise<Record<string, unknown>> {
    const isWebhook = settings.connectionMode === 'webhook'
    const [counts, bot, connection, callbacks] = await Promise.all([
      this.messages.counts(id),
      this.apis.botOf(settings),
      isWebhook ? null : this.statuses.find(appKeyOf(settings)),
      this.webhooks.of(id)
    ])
    return {
      mode: settings.connectionMode,
      state: isWebhook ? webhookState(settings) : (connection?.state ?? 'closed'),
      bot: bot?.name ?? '-',
      lastConnected: connection?.lastConnectedAt ?? null,
      messages: `${counts.waiting} / ${counts.failed}`,
      callbacks: refusedCallbacks(callbacks)
    }
  }
}
