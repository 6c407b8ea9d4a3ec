import { Injectable } from '@nestjs/common'
import { LRUCache } from 'lru-cache'
import { Language, say, TextKey, TEXTS } from '../../i18n'
import { AppInspections } from '../../lark'
import { LarkIntegration } from '../../settings'
import { Clock, onClock } from '../../shared'
import { linesOf, DoctorLine } from './doctor-lines'
import { Examination } from './examination'
import { Verdict } from './said'

/** Lark counts its calls per month: who looks twice within this sees the same. */
const FRESH_MS = 60_000
const MAX_REPORTS = 500

/** One line as a person reads it. */
export interface RenderedLine {
  check: string
  verdict: Verdict
  title: string
  cause: string
  link: string
}

export interface DoctorReport {
  checkedAt: Date
  lines: readonly DoctorLine[]
}

/** What is wrong with one integration, and where to mend it. */
@Injectable()
export class Doctor {
  private readonly reports: LRUCache<string, Promise<DoctorReport>>

  constructor(
    private readonly examination: Examination,
    private readonly inspections: AppInspections,
    private readonly clock: Clock
  ) {
    this.reports = new LRUCache({ max: MAX_REPORTS, ttl: FRESH_MS, ...onClock(clock) })
  }

  /** Of a saved integration, at most `FRESH_MS` old; one examination for all who ask meanwhile. */
  async reportOn(integration: LarkIntegration): Promise<DoctorReport> {
    const key = this.keyOf(integration)
    const known = this.reports.get(key)
    if (known) return known
    const report = this.examine(integration)
    this.reports.set(key, report)
    report.catch(() => this.reports.delete(key))
    return report
  }

  /** The next who asks gets a new examination. */
  forget(integration: LarkIntegration): void {
    this.reports.delete(this.keyOf(integration))
  }

  private async examine({ id, settings }: LarkIntegration): Promise<DoctorReport> {
    const lines = linesOf(await this.examination.of(settings, id))
    return { checkedAt: this.clock.now(), lines }
  }

  private keyOf({ id, settings }: LarkIntegration): string {
    const { connectionMode, verificationToken, encryptKey } = settings
    const secrets = [verificationToken, encryptKey].map((secret) => (secret ? 'set' : '-'))
    return [id, this.inspections.keyOf(settings), connectionMode, ...secrets].join(' ')
  }
}

const isTextKey = (value: string | undefined): value is TextKey => value !== undefined && value in TEXTS

/** Named by the keys of their texts; everything else is a value. */
const NAMED = ['feature', 'why', 'reason', 'region', 'console', 'ours', 'state', 'error']

export const renderLine = (line: DoctorLine, language: Language): RenderedLine => {
  const parameters = { ...line.parameters }
  for (const name of NAMED) {
    const key = parameters[name]
    if (isTextKey(key)) parameters[name] = say(key, language, line.parameters)
  }
  return {
    check: line.check,
    verdict: line.verdict,
    title: say(line.title, language, parameters),
    cause: say(line.cause, language, parameters).trim(),
    link: line.link
  }
}
