import { BadRequestException, Injectable } from '@nestjs/common'
import { LRUCache } from 'lru-cache'
import { readerLanguage } from '../host'
import { Language, languageFrom, say, TextKey } from '../i18n'
import { AppInspections } from '../lark'
import { assertSavable, ConnectionMode, LarkSettings, parseSettings, SettingsInvalidError } from '../settings'
import { Clock, isObject, onClock, textOf } from '../shared'
import { ConnectionProbe, Probe } from './connection-probe'
import { DoctorLine, renderLine } from './doctor'
import { DoctorFacts, isKnown, isPassing, isRefused } from './doctor/doctor-facts'
import { linesOf } from './doctor/doctor-lines'
import { Asked, askedOf, Examination } from './doctor/examination'

/** What the host's integration page shows after a test (host-contract §6). */
export interface TestResult {
  mode: ConnectionMode
  webhookUrl?: string
  probe?: Probe
  warnings: string[]
}

const SENTENCES: Record<SettingsInvalidError['code'], TextKey> = {
  app_id: 'appIdMissing',
  app_secret: 'appSecretMissing',
  connection_mode: 'connectionModeUnknown',
  role_name: 'roleNotAllowed'
}

/** The probe and the form say these themselves, and nobody is published on what is only being set up. */
const TOLD_ELSEWHERE = new Set(['credentials', 'region', 'connection', 'expert'])
/** A warning that matters while the form is open. */
const WORTH_A_WARNING = new Set(['webhook_url', 'webhook_secrets', 'clock', 'version', 'consumers', 'mode'])

/** Of our own settings and records, which every test reads afresh: a warning for one of these says nothing of Lark. */
const OWN_CAUSES: ReadonlySet<TextKey> = new Set<TextKey>([
  'noVerificationToken',
  'noWebhookSecrets',
  'noApiBaseUrl',
  'webhookUrlAfterSaving',
  'webhookUrlNotHttps',
  'doctorCallbackRefused'
])

/**
 * The host's page tests whenever it is opened, and Lark counts its calls per month. Opening the page and pressing Test are one
 * and the same call of the host (host-contract §6), so that what Lark found wrong is never kept: whoever has just mended it in
 * the console is not told for a minute that it is missing.
 */
const FRESH_MS = 60_000
const MAX_APPS = 500

/**
 * Runs on test and on every save, and may block the save: throws `BadRequestException` only for what the user can mend by
 * editing the form (host-observed 10). When Lark can not be reached it warns and lets the save pass.
 */
@Injectable()
export class ConnectionTest {
  /** What Lark said of apps with which it found nothing wrong. */
  private readonly sound: LRUCache<string, Asked>

  constructor(
    private readonly examination: Examination,
    private readonly inspections: AppInspections,
    private readonly probe: ConnectionProbe,
    clock: Clock
  ) {
    this.sound = new LRUCache({ max: MAX_APPS, ttl: FRESH_MS, ...onClock(clock) })
  }

  async run(options: unknown, integrationId: string | undefined): Promise<TestResult> {
    const preferred = isObject(options) ? textOf(options['preferLanguage']) : undefined
    const language = languageFrom(preferred, readerLanguage())
    const settings = this.parse(options, language)
    const app = `${this.inspections.keyOf(settings)} ${settings.connectionMode}`
    const facts = await this.examination.of(settings, integrationId, this.sound.get(app))
    this.assertCredentials(facts, language)
    const lines = linesOf(facts).filter(isWorthAWarning)
    if (!this.sound.has(app) && isSound(facts, lines)) this.sound.set(app, askedOf(facts))
    const warnings = lines.map((line) => sentenceOf(line, language))
    if (!isKnown(facts.credentials)) warnings.unshift(say('larkUnreachable', language))
    if (settings.connectionMode === 'long_connection') {
      const probe = await this.probe.of(settings, integrationId !== undefined, language)
      return { mode: 'long_connection', probe, warnings }
    }
    const { url } = facts.webhookUrl
    return { mode: 'webhook', ...(url === null ? {} : { webhookUrl: url }), warnings }
  }

  private parse(options: unknown, language: Language): LarkSettings {
    try {
      const settings = parseSettings(options)
      assertSavable(settings)
      return settings
    } catch (error) {
      if (!(error instanceof SettingsInvalidError)) throw error
      const isMalformed = error.code === 'app_id' && isObject(options) && textOf(options['appId']) !== undefined
      throw new BadRequestException(say(isMalformed ? 'appIdMalformed' : SENTENCES[error.code], language))
    }
  }

  /** Checked past every token cache. */
  private assertCredentials({ credentials, endpoint }: DoctorFacts, language: Language): void {
    if (!isRefused(credentials, 'credentials')) return
    const answer = isKnown(endpoint) ? endpoint.known : null
    const isWrongCloud = answer !== null && !answer.ok && answer.isWrongCloud
    throw new BadRequestException(say(isWrongCloud ? 'wrongRegion' : 'credentialsRejected', language))
  }
}

const isWorthAWarning = ({ check, verdict }: DoctorLine): boolean =>
  !TOLD_ELSEWHERE.has(check) && (verdict === 'fail' || (verdict === 'warn' && WORTH_A_WARNING.has(check)))

/** Lark answered whatever it was asked, and nothing of that is worth a warning. */
const isSound = (facts: DoctorFacts, warnings: readonly DoctorLine[]): boolean =>
  isKnown(facts.credentials) &&
  !Object.values(askedOf(facts)).some(isPassing) &&
  warnings.every(({ cause }) => OWN_CAUSES.has(cause))

const sentenceOf = (line: DoctorLine, language: Language): string => {
  const { title, cause, link } = renderLine(line, language)
  return line.check.startsWith('webhook_') ? cause : `${title}: ${cause} ${link}`
}
