import { TextKey } from '../../i18n'
import { CARD_ACTION, hasOneOf, MESSAGE_RECEIVED } from '../../lark'
import { ConnectionMode } from '../../settings'
import { minuteText } from '../../shared'
import { doorOf, Refusal, refusalText } from '../../webhook'
import { connection } from './connection-line'
import { consoleLink, scopeLink } from './console-links'
import { DoctorFacts, isKnown, isRefused } from './doctor-facts'
import { expert } from './expert-line'
import { notKnown, notManaged, Said, Verdict } from './said'
import { SCOPES } from './scope-table'

/** One finding, in no language yet. */
export interface DoctorLine {
  /** Unique within one examination. */
  check: string
  verdict: Verdict
  title: TextKey
  cause: TextKey
  parameters: Record<string, string>
  link: string
}

/** Signatures and time limits suffer beyond these. */
const CLOCK_WARN_MS = 60_000
const CLOCK_FAIL_MS = 300_000

/** Of `bot/v3/info` (lark-platform 0.8). */
const BOT_ENABLED = 2
/** Of `application/v6`. */
const APP_DISABLED = 0

const credentials = (facts: DoctorFacts): Said => {
  const { credentials: found } = facts
  if (isKnown(found)) return ['ok', 'doctorCredentialsAccepted']
  return isRefused(found, 'credentials') ? ['fail', 'doctorCredentialsRejected'] : notKnown(facts, found)
}

const region = (facts: DoctorFacts): Said => {
  const { credentials: found, endpoint, settings } = facts
  if (isKnown(found))
    return ['ok', 'doctorRegionIs', { region: settings.region === 'lark' ? 'regionLark' : 'regionFeishu' }]
  const answer = isKnown(endpoint) ? endpoint.known : null
  return answer && !answer.ok && answer.isWrongCloud ? ['fail', 'doctorWrongRegion'] : notKnown(facts, found)
}

const bot = (facts: DoctorFacts): Said => {
  const { bot: found } = facts
  if (isKnown(found)) {
    const { activateStatus, name } = found.known
    return activateStatus === BOT_ENABLED
      ? ['ok', 'doctorBotEnabled', { name }]
      : ['fail', 'doctorBotDisabled', { status: String(activateStatus) }]
  }
  // The credentials work and the question about the bot does not: there is none.
  return isRefused(found, 'invalid_request') || isRefused(found, 'forbidden')
    ? ['fail', 'doctorBotMissing']
    : notKnown(facts, found)
}

const version = (facts: DoctorFacts): Said => {
  const { app } = facts
  if (!isKnown(app)) return notManaged(facts, app)
  const { status, onlineVersionId, unauditVersionId } = app.known
  if (status === APP_DISABLED) return ['fail', 'doctorAppDisabled']
  if (onlineVersionId === undefined) return ['fail', 'doctorVersionMissing']
  return unauditVersionId === undefined ? ['ok', 'doctorFine'] : ['warn', 'doctorVersionWaits']
}

const availability = (facts: DoctorFacts): Said => {
  const { app, audience } = facts
  if (!isKnown(app)) return notManaged(facts, app)
  if (!isKnown(audience)) return audience === 'not_asked' ? ['unknown', 'doctorNotTold'] : notManaged(facts, audience)
  if (audience.known === undefined) return ['unknown', 'doctorNotTold']
  if (audience.known === 'all') return ['ok', 'doctorVisibleToAll']
  return audience.known === 'some' ? ['warn', 'doctorVisibleToSome'] : ['fail', 'doctorVisibleToNobody']
}

const isAfter = (date: Date, others: readonly (Date | null | undefined)[]): boolean =>
  others.every((other) => !other || date > other)

/** By these settings, not by former ones, and with nothing of Lark's since. */
const refusalIn = ({ settings, callbacks, last }: DoctorFacts, other?: Date | null): Refusal | null => {
  const { lastRejection: refused, lastProven } = callbacks
  if (!refused || refused.door !== doorOf(settings)) return null
  return isAfter(refused.at, [last.message, lastProven?.at, other]) ? refused : null
}

/** Whoever knows the URL can call it. */
const wrongDoor = (facts: DoctorFacts): Said | null => {
  const refused = refusalIn(facts, facts.connection?.lastEventAt)
  if (refused?.code !== 'wrong_mode') return null
  return refused.isProven
    ? ['fail', 'doctorModeWrongDoor']
    : ['warn', 'doctorModeDoubtful', { time: minuteText(refused.at) }]
}

const MODES: Record<ConnectionMode, TextKey> = { webhook: 'modeWebhook', long_connection: 'modeLongConnection' }

/** What the console says, else what Lark does: a call at the wrong door. */
const mode = (facts: DoctorFacts): Said => {
  const { app, settings } = facts
  const ours = settings.connectionMode
  const inConsole = isKnown(app) ? app.known.events.mode : undefined
  if (inConsole !== undefined)
    return inConsole === ours
      ? ['ok', 'doctorModeIs']
      : ['fail', 'doctorModeDiffers', { console: MODES[inConsole], ours: MODES[ours] }]
  return wrongDoor(facts) ?? (isKnown(app) ? ['unknown', 'doctorNotTold'] : notManaged(facts, app))
}

const consumers = (facts: DoctorFacts): Said => {
  const { connections, connection: found, settings } = facts
  if (!isKnown(connections)) return notKnown(facts, connections)
  if (connections.known === null) return ['unknown', 'doctorNotTold']
  // One that is being made may be open already.
  const ours = found && !['closed', 'failed'].includes(found.state) ? 1 : 0
  const others = connections.known - ours
  if (others <= 0) return ['ok', 'doctorAlone']
  const verdict = settings.connectionMode === 'long_connection' ? 'fail' : 'warn'
  return [verdict, 'doctorOtherConsumers', { count: String(others) }]
}

const webhookUrl = ({ app, webhookUrl: ours }: DoctorFacts): Said => {
  if (ours.url === null) return ['warn', ours.reason]
  const inConsole = isKnown(app) && app.known.events.mode === 'webhook' ? app.known.events.url : undefined
  if (inConsole !== undefined && inConsole !== ours.url) return ['fail', 'doctorUrlDiffers', { url: ours.url }]
  return ours.reason ? ['warn', ours.reason] : ['ok', 'doctorUrlIs', { url: ours.url }]
}

const webhookSecrets = ({ settings: { verificationToken, encryptKey } }: DoctorFacts): Said => {
  if (verificationToken) return ['ok', 'doctorFine']
  return encryptKey ? ['warn', 'noVerificationToken'] : ['fail', 'noWebhookSecrets']
}

/** Faults of this server, not of the call. */
const OWN_FAULTS = new Set(['internal', 'unavailable'])

/** A call proves nothing by being refused: once one was Lark's, it may be somebody else's. */
const refusal = (facts: DoctorFacts): Said | null => {
  const refused = facts.settings.connectionMode === 'webhook' ? refusalIn(facts) : null
  if (!refused) return null
  const { lastProven } = facts.callbacks
  const wasProven = lastProven ? lastProven.door === refused.door : facts.last.message !== null
  const said = { time: minuteText(refused.at), why: refusalText(refused.code) }
  if (OWN_FAULTS.has(refused.code)) return ['warn', 'doctorCallbackRefused', said]
  return wasProven ? ['warn', 'doctorCallbackDoubtful', said] : ['fail', 'doctorCallbackRefused', said]
}

const lastEvent = (facts: DoctorFacts): Said => {
  const { app, last } = facts
  const types = isKnown(app) ? app.known.events.types : undefined
  if (types && !types.includes(MESSAGE_RECEIVED)) return ['fail', 'doctorEventNotSubscribed']
  const refused = refusal(facts)
  if (refused) return refused
  return last.message ? ['ok', 'doctorLastAt', { time: minuteText(last.message) }] : ['warn', 'doctorNoEvent']
}

const lastClick = ({ app, last }: DoctorFacts): Said => {
  const types = isKnown(app) ? app.known.callbacks.types : undefined
  if (types && !types.includes(CARD_ACTION)) return ['fail', 'doctorClickNotSubscribed']
  if (last.click) return ['ok', 'doctorLastAt', { time: minuteText(last.click) }]
  return ['unknown', 'doctorNoClick']
}

const clock = (facts: DoctorFacts): Said => {
  const { credentials: found } = facts
  if (!isKnown(found)) return notKnown(facts, found)
  if (found.known.clockAheadMs === null) return ['unknown', 'doctorNotTold']
  const off = Math.abs(found.known.clockAheadMs)
  const seconds = String(Math.ceil(off / 1000))
  if (off < CLOCK_WARN_MS) return ['ok', 'doctorClockFine', { seconds }]
  return [off < CLOCK_FAIL_MS ? 'warn' : 'fail', 'doctorClockOff', { seconds }]
}

const quota = (facts: DoctorFacts): Said => {
  const asked = [facts.bot, facts.scopes, facts.app, facts.connections, facts.credentials]
  if (asked.some((finding) => isRefused(finding, 'quota'))) return ['fail', 'doctorQuotaUsedUp']
  return isKnown(facts.bot) || isKnown(facts.scopes) ? ['ok', 'doctorQuotaFine'] : notKnown(facts, facts.bot)
}

const scopeLines = (facts: DoctorFacts): DoctorLine[] => {
  const { scopes, settings } = facts
  if (!isKnown(scopes)) {
    const [verdict, cause, parameters = {}] = notKnown(facts, scopes)
    const link = consoleLink(settings, 'auth')
    return [{ check: 'scopes', verdict, title: 'checkScopes', cause, parameters, link }]
  }
  const rows = SCOPES.filter(({ isOfUse }) => isOfUse?.(facts) ?? true)
  return rows.map(({ scope, feature, isRequired, orElse }): DoctorLine => {
    const isGranted = hasOneOf(scopes.known, [scope, ...orElse])
    const missing = isRequired
      ? (['fail', 'doctorScopeMissing'] as const)
      : (['optional', 'doctorScopeOptional'] as const)
    const [verdict, cause] = isGranted ? (['ok', 'doctorScopeGranted'] as const) : missing
    const link = scopeLink(settings, scope)
    return { check: `scope:${scope}`, verdict, title: 'checkScope', cause, parameters: { scope, feature }, link }
  })
}

/** Mended in Xpert, so that Lark's console has no page for it. */
const expertLines = (facts: DoctorFacts): DoctorLine[] => {
  const said = expert(facts)
  if (!said) return []
  const [verdict, cause, parameters = {}] = said
  return [{ check: 'expert', verdict, title: 'checkExpert', cause, parameters, link: '' }]
}

/** All lines that make sense for the integration's mode, in the order in which an admin would mend them. */
export const linesOf = (facts: DoctorFacts): DoctorLine[] => {
  const { settings } = facts
  const isWebhook = settings.connectionMode === 'webhook'
  const line = (check: string, title: TextKey, page: Parameters<typeof consoleLink>[1], said: Said): DoctorLine => {
    const [verdict, cause, parameters = {}] = said
    return { check, verdict, title, cause, parameters, link: consoleLink(settings, page) }
  }
  return [
    line('credentials', 'checkCredentials', 'baseinfo', credentials(facts)),
    line('region', 'checkRegion', 'baseinfo', region(facts)),
    line('bot', 'checkBot', 'bot', bot(facts)),
    ...scopeLines(facts),
    line('version', 'checkVersion', 'version', version(facts)),
    line('availability', 'checkAvailability', 'version', availability(facts)),
    line('mode', 'checkMode', 'event', mode(facts)),
    ...(isWebhook
      ? [
          line('webhook_url', 'checkWebhookUrl', 'event', webhookUrl(facts)),
          line('webhook_secrets', 'checkWebhookSecrets', 'event', webhookSecrets(facts))
        ]
      : [line('connection', 'checkConnection', 'event', connection(facts))]),
    ...expertLines(facts),
    line('consumers', 'checkConsumers', 'event', consumers(facts)),
    line('last_event', 'checkLastEvent', 'event', lastEvent(facts)),
    line('last_click', 'checkLastClick', 'event', lastClick(facts)),
    line('clock', 'checkClock', 'baseinfo', clock(facts)),
    line('quota', 'checkQuota', 'baseinfo', quota(facts))
  ]
}
