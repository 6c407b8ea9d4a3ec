import { Injectable } from '@nestjs/common'
import { InstanceRegistry } from '../cluster'
import { ViewActionResult, ViewData, ViewQuery } from '../host'
import { inBoth, Language, say } from '../i18n'
import { LarkApis } from '../lark'
import { ConnectionStatuses, exclusionOf, lossSentence, RecentError } from '../long-connection'
import { LarkIntegration, LarkSettings } from '../settings'
import { minuteText } from '../shared'
import { refusalText, WebhookActivity, WebhookFigures } from '../webhook'
import { ConnectionActions } from './connection-actions'
import { IntegrationState, stateOf, stateText } from './integration-state'
import type { IntegrationTab, Reader, TabAction } from './integration-tabs'
import { COUNT_LIMIT } from './list-query'
import { MessageList } from './message-list'
import { withBrackets } from './punctuation'

type Callbacks = Omit<WebhookFigures, 'lastProven' | 'lastRejection'> & {
  lastRejection: { code: string; at: Date } | null
}

/** What an integration is doing just now; dates as they are, for the tab and for the REST route. */
export interface RuntimeStatus {
  mode: LarkSettings['connectionMode']
  state: IntegrationState
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

const withTime = (value: string, time: Date | null, language: Language): string =>
  time ? withBrackets(value, minuteText(time), language) : value

const ownerOf = ({ owner, lastConnectedAt }: RuntimeStatus): string =>
  owner || lastConnectedAt ? `${owner ?? '-'} / ${lastConnectedAt ? minuteText(lastConnectedAt) : '-'}` : '-'

/** The last one, of the connection or of a call that was refused, and how many more: a card has room for one. */
const errorsOf = ({ callbacks, recentErrors }: RuntimeStatus, language: Language): string => {
  const refused = callbacks?.lastRejection
  const errors = refused
    ? [{ at: refused.at, error: say(refusalText(refused.code), language) }]
    : recentErrors.map(({ at, code }) => ({ at: new Date(at), error: lossSentence(code, language) }))
  const [last] = errors
  if (!last) return '-'
  const line = `${minuteText(last.at)} ${last.error}`
  const more = (callbacks?.rejected ?? errors.length) - 1
  return more > 0 ? withBrackets(line, say('moreErrors', language, { count: String(more) }), language) : line
}

const callbacksOf = ({ lastProven: _, lastRejection: last, ...counts }: WebhookFigures): Callbacks => ({
  ...counts,
  lastRejection: last && { code: last.code, at: last.at }
})

const capped = (count: number): string => (count >= COUNT_LIMIT ? `${COUNT_LIMIT - 1}+` : String(count))

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
    this.actions = { refresh: () => this.refreshed(), ...switches.actions }
  }

  async read(integration: LarkIntegration, _query: ViewQuery, { language }: Reader): Promise<ViewData> {
    const status = await this.statusOf(integration)
    return {
      summary: {
        mode: say(status.mode === 'webhook' ? 'modeWebhook' : 'modeLongConnection', language),
        state: withTime(say(stateText(status.state), language), status.since, language),
        bot: status.bot ?? '-',
        owner: ownerOf(status),
        lastEvent: status.lastMessageAt,
        messages: `${capped(status.waiting)} / ${capped(status.failed)}`,
        errors: errorsOf(status, language)
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
      state: stateOf(settings, connection),
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
