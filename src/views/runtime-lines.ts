import { Injectable } from '@nestjs/common'
import { InstanceRegistry, LivingInstance } from '../cluster'
import { DirectoryRead, ReadProgress } from '../directory'
import { Language, say, TextKey } from '../i18n'
import { reactionText, webhookUrlOf } from '../integration'
import { appKeyOf, CALLS_PART } from '../lark'
import { ConnectionStatus, ConnectionStatuses, lossSentence, RecentError } from '../long-connection'
import { describeConnection } from './describe-connection'
import { LarkIntegration } from '../settings'
import { objectOf, secondText } from '../shared'
import { addFigures, noFigures, parseFigures, refusalText, WEBHOOK_PART, WebhookFigures } from '../webhook'
import { instanceName } from './status-tab'

/** One row of the Diagnosis tab that is a fact and no verdict. */
export interface RuntimeLine {
  id: string
  title: string
  cause: string
}

const countsOf = (value: unknown): [name: string, count: number][] =>
  Object.entries(objectOf(value)).flatMap(([name, count]) =>
    typeof count === 'number' ? [[name, count] as [string, number]] : []
  )

/** Adds up what the living processes count; a dead one is not among them. */
const sumOf = (instances: readonly LivingInstance[], field: 'byApi' | 'failed'): [name: string, count: number][] => {
  const sums = new Map<string, number>()
  for (const { figures } of instances) {
    const calls = figures[CALLS_PART]
    for (const [name, count] of countsOf(objectOf(calls)[field])) sums.set(name, (sums.get(name) ?? 0) + count)
  }
  return [...sums].sort(([, left], [, right]) => right - left)
}

const errorLines = (errors: readonly RecentError[], language: Language): RuntimeLine[] =>
  errors.map(({ at, code }, index) => ({
    id: `error:${index}`,
    title: say('recentError', language),
    cause: `${secondText(new Date(at))} ${lossSentence(code, language)}`
  }))

const recordLine = (connection: ConnectionStatus, language: Language): RuntimeLine => ({
  id: 'connection_record',
  title: say('connectionRecord', language),
  cause: say('connectionRecordIs', language, {
    frame: connection.lastFrameAt ? secondText(connection.lastFrameAt) : '-',
    event: connection.lastEventAt ? secondText(connection.lastEventAt) : '-',
    count: String(connection.reconnectCount)
  })
})

const webhookLines = (figures: WebhookFigures, language: Language): RuntimeLine[] => [
  {
    id: 'last_callback',
    title: say('lastCallbackAt', language),
    cause: figures.lastAcceptedAt ? secondText(figures.lastAcceptedAt) : '-'
  },
  {
    id: 'last_refused',
    title: say('lastRejectedCallback', language),
    cause: figures.lastRejection
      ? `${secondText(figures.lastRejection.at)} ${say(refusalText(figures.lastRejection.code), language)}`
      : '-'
  },
  {
    id: 'callbacks',
    title: say('callbackCounts', language),
    cause: say('callbackCountsAre', language, {
      accepted: String(figures.accepted),
      unhandled: String(figures.unhandled),
      rejected: String(figures.rejected)
    })
  }
]

const READS: Record<ReadProgress['state'], TextKey> = { running: 'readRunning', done: 'readDone', failed: 'readFailed' }

const MISSING: Partial<Record<string, TextKey>> = {
  people: 'readMissingPeople',
  userGroups: 'readMissingUserGroups',
  groups: 'readMissingGroups'
} satisfies Record<ReadProgress['missing'][number], TextKey>

const FAILURES: Partial<Record<string, TextKey>> = {
  integration_gone: 'readGone',
  lark_refused: 'readFailed',
  lark_unreachable: 'readUnreachable'
} satisfies Record<NonNullable<ReadProgress['reason']>, TextKey>

/** Of a reason that only a newer version knows, that it ended. */
const readText = ({ state, reason }: ReadProgress): TextKey =>
  (state === 'failed' && reason && FAILURES[reason]) || READS[state]

const readLine = (progress: ReadProgress, language: Language): RuntimeLine => {
  const time = secondText(new Date(progress.endedAt ?? progress.startedAt))
  const counts = Object.fromEntries(countsOf(progress).map(([name, count]) => [name, String(count)]))
  const missing = progress.missing.flatMap((kind) => MISSING[kind] ?? []).map((key) => say(key, language))
  const cause = [say(readText(progress), language, { ...counts, time }), ...missing].join(' ')
  return { id: 'directory_read', title: say('directoryRead', language), cause }
}

/** What the doctor does not judge: what happened, what is set, what was counted. Reading asks nobody and changes nothing. */
@Injectable()
export class RuntimeLines {
  constructor(
    private readonly statuses: ConnectionStatuses,
    private readonly instances: InstanceRegistry,
    private readonly directoryRead: DirectoryRead
  ) {}

  async of(integration: LarkIntegration, language: Language): Promise<RuntimeLine[]> {
    const { id, settings } = integration
    const appKey = appKeyOf(settings)
    const isWebhook = settings.connectionMode === 'webhook'
    const [connection, instances, progress] = await Promise.all([
      isWebhook ? null : this.statuses.of(integration),
      this.instances.list({ [WEBHOOK_PART]: id, [CALLS_PART]: appKey }),
      this.directoryRead.progressOf(id)
    ])
    const figures = instances.map((instance) => parseFigures(instance.figures[WEBHOOK_PART]))
    const hint = connection ? describeConnection(connection, language) : undefined
    return [
      ...(hint ? [{ id: 'connection_hint', title: say('connectionLine', language), cause: hint }] : []),
      ...(connection ? [recordLine(connection, language)] : []),
      ...errorLines(connection?.recentErrors ?? [], language),
      ...(isWebhook ? webhookLines(figures.reduce(addFigures, noFigures()), language) : []),
      ...(isWebhook ? [this.urlLine(id, language)] : []),
      this.secretsLine(integration, language),
      ...this.callLines(instances, language),
      ...(progress ? [readLine(progress, language)] : []),
      ...instances.map(({ id: instance, hostName, startedAt }, index) => ({
        id: `instance:${index}`,
        title: say('instances', language),
        cause: say('lastInstance', language, { name: instanceName(hostName, instance), time: secondText(startedAt) })
      }))
    ]
  }

  private urlLine(id: string, language: Language): RuntimeLine {
    const { url, reason } = webhookUrlOf(process.env['API_BASE_URL'], id)
    const cause = [url, reason ? say(reason, language) : null].filter(Boolean).join(' ')
    return { id: 'callback_url', title: say('callbackUrl', language), cause }
  }

  /** Their names, never their values. */
  private secretsLine({ settings }: LarkIntegration, language: Language): RuntimeLine {
    const secrets = {
      'App Secret': settings.appSecret,
      'Verification Token': settings.verificationToken,
      'Encrypt Key': settings.encryptKey
    }
    const set = Object.entries(secrets).flatMap(([name, value]) => (value ? [name] : []))
    return { id: 'secrets', title: say('secretsSet', language), cause: set.join(', ') || '-' }
  }

  private callLines(instances: readonly LivingInstance[], language: Language): RuntimeLine[] {
    const failed = sumOf(instances, 'failed').map(
      ([reaction, count]) => `${say(reactionText(reaction), language)}: ${count}`
    )
    return [
      ...sumOf(instances, 'byApi').map(([api, count]) => ({
        id: `calls:${api}`,
        title: say('callsOf', language, { api }),
        cause: say('callsAre', language, { count: String(count) })
      })),
      ...(failed.length > 0
        ? [{ id: 'calls_failed', title: say('callsFailed', language), cause: failed.join(', ') }]
        : [])
    ]
  }
}
