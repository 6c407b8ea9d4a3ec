import { Injectable } from '@nestjs/common'
import { InstanceRegistry } from '../cluster'
import { ViewActionResult, ViewData, ViewQuery } from '../host'
import { inBoth } from '../i18n'
import { LarkApis } from '../lark'
import {
  ConflictCode,
  ConnectionState,
  ConnectionStatuses,
  exclusionOf,
  IntegrationConnection,
  RecentError
} from '../long-connection'
import { LarkIntegration, LarkSettings } from '../settings'
import { minuteText } from '../shared'
import { WebhookActivity, WebhookFigures } from '../webhook'
import { ConnectionActions } from './connection-actions'
import type { IntegrationTab, Reader, TabAction } from './integration-tabs'
import { COUNT_LIMIT } from './list-query'
import { MessageList } from './message-list'

type Callbacks = Omit<WebhookFigures, 'lastProven' | 'lastRejection'> & {
  lastRejection: { code: string; at: Date } | null
}

/** What an integration is doing just now; dates as they are, for the tab and for the REST route. */
export interface RuntimeStatus {
  mode: LarkSettings['connectionMode']
  state: ConnectionState | ConflictCode | 'webhook' | 'not_configured' | 'disconnected'
  since: Date | null
  bot: string | null
  owner: string | null
  lastConnectedAt: Date | null
  lastMessageAt: Date | null
  waiting: number
  failed: number
  callbacks: Callbacks | null
  /** Of the connection: the last ten, newest first. */
  recentErrors: Pick<RecentError, 'at' | 'code'>[]
}

/** Cards have large values: short ones, the same in every language (host-observed 43). */
const refused = ({ rejected, lastRejection }: Callbacks): string =>
  lastRejection ? `${rejected} (${lastRejection.code}, ${minuteText(lastRejection.at)})` : String(rejected)

const callbacksOf = ({ lastProven: _, lastRejection: last, ...counts }: WebhookFigures): Callbacks => ({
  ...counts,
  lastRejection: last && { code: last.code, at: last.at }
})

const capped = (count: number): string => (count >= COUNT_LIMIT ? `${COUNT_LIMIT - 1}+` : String(count))

/** With neither a token nor a key every callback is refused. */
const webhookState = ({ verificationToken, encryptKey }: LarkSettings): 'webhook' | 'not_configured' =>
  verificationToken === undefined && encryptKey === undefined ? 'not_configured' : 'webhook'

/** Of an integration that has no part in its app's connection: why, whatever that one does. */
const connectionState = (connection: IntegrationConnection | null): RuntimeStatus['state'] => {
  if (!connection) return 'closed'
  if (connection.desiredState === 'disconnected') return 'disconnected'
  return exclusionOf(connection) ?? connection.state
}

/** With the error that it is about; a connection that is up has none. */
const stateLine = ({ state, since, recentErrors: [last] }: RuntimeStatus): string => {
  const error = state === 'connected' || state === 'disconnected' ? undefined : last?.code
  const details = [since ? minuteText(since) : undefined, error].filter((detail) => detail !== undefined)
  return details.length > 0 ? `${state} (${details.join(', ')})` : state
}

/** Several processes may run on one machine. */
export const instanceName = (hostName: string, id: string): string => `${hostName} (${id.slice(0, 8)})`

@Injectable()
export class StatusTab implements IntegrationTab {
  readonly actions: Record<string, TabAction>

  constructor(
    private readonly statuses: ConnectionStatuses,
    private readonly messages: MessageList,
    private readonly apis: LarkApis,
    private readonly webhooks: WebhookActivity,
    private readonly instances: InstanceRegistry,
    switches: ConnectionActions
  ) {
    this.actions = { refresh: { access: 'act', run: () => this.refreshed() }, ...switches.actions }
  }

  async read(integration: LarkIntegration, _query: ViewQuery, _reader: Reader): Promise<ViewData> {
    const status = await this.statusOf(integration)
    return {
      summary: {
        mode: status.mode,
        state: stateLine(status),
        bot: status.bot ?? '-',
        owner: status.owner ?? '-',
        lastConnected: status.lastConnectedAt,
        lastEvent: status.lastMessageAt,
        callbacks: status.callbacks ? refused(status.callbacks) : '-',
        messages: `${capped(status.waiting)} / ${capped(status.failed)}`
      }
    }
  }

  /** Reading changes nothing and starts nothing. */
  async statusOf(integration: LarkIntegration): Promise<RuntimeStatus> {
    const { id, settings } = integration
    const isWebhook = settings.connectionMode === 'webhook'
    const [counts, bot, connection, callbacks] = await Promise.all([
      this.messages.counts(id, COUNT_LIMIT),
      this.apis.botOf(settings),
      isWebhook ? null : this.statuses.of(integration),
      isWebhook ? this.webhooks.of(id) : null
    ])
    const part = connection && !exclusionOf(connection) ? connection : null
    return {
      mode: settings.connectionMode,
      state: isWebhook ? webhookState(settings) : connectionState(connection),
      since: part?.since ?? null,
      bot: bot?.name ?? null,
      owner: connection?.owner ? await this.nameOf(connection.owner) : null,
      lastConnectedAt: connection?.lastConnectedAt ?? null,
      lastMessageAt: counts.lastReceivedAt,
      waiting: counts.waiting,
      failed: counts.failed,
      callbacks: callbacks && callbacksOf(callbacks),
      recentErrors: (part?.recentErrors ?? []).map(({ at, code }) => ({ at, code }))
    }
  }

  private async nameOf(instanceId: string): Promise<string> {
    const owner = (await this.instances.list()).find(({ id }) => id === instanceId)
    return instanceName(owner?.hostName ?? '-', instanceId)
  }

  private async refreshed(): Promise<ViewActionResult> {
    return { success: true, message: inBoth('refreshed'), refresh: true }
  }
}
