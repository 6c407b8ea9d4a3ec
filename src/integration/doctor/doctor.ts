import { Injectable } from '@nestjs/common'
import { LRUCache } from 'lru-cache'
import { Language, say, TextKey, TEXTS } from '../../i18n'
import { AppInspections } from '../../lark'
import { LarkIntegration } from '../../settings'
import { Clock, onClock } from '../../shared'
import { DoctorFacts } from './doctor-facts'
import { linesOf, DoctorLine } from './doctor-lines'
import { Examination } from './examination'
import { OwnRecords } from './own-records'
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
  /** When Lark was asked. */
  checkedAt: Date
  lines: readonly DoctorLine[]
}

interface Examined {
  checkedAt: Date
  facts: DoctorFacts
}

/** What is wrong with one integration, and where to mend it. */
@Injectable()
export class Doctor {
  private readonly examined: LRUCache<string, Promise<Examined>>

  constructor(
    private readonly examination: Examination,
    private readonly records: OwnRecords,
    private readonly inspections: AppInspections,
    private readonly clock: Clock
  ) {
    this.examined = new LRUCache({ max: MAX_REPORTS, ttl: FRESH_MS, ...onClock(clock) })
  }

  /**
   * Of a saved integration, at most `FRESH_MS` old; one examination for all who ask meanwhile. Who answers and what came last
   * are as of now: whoever was told to publish, or to write to the bot, has done it and looks again.
   */
  async reportOn(integration: LarkIntegration): Promise<DoctorReport> {
    const { checkedAt, facts } = await this.examine(integration)
    const { expert, last } = await this.records.of(integration.settings, integration.id)
    return { checkedAt, lines: linesOf({ ...facts, expert, last }) }
  }

  /** The next who asks gets a new examination. */
  forget(integration: LarkIntegration): void {
    this.examined.delete(this.keyOf(integration))
  }

  private examine(integration: LarkIntegration): Promise<Examined> {
    const key = this.keyOf(integration)
    const known = this.examined.get(key)
    if (known) return known
    const examined = this.factsOf(integration)
    this.examined.set(key, examined)
    examined.catch(() => this.examined.delete(key))
    return examined
  }

  private async factsOf({ id, settings }: LarkIntegration): Promise<Examined> {
    const facts = await this.examination.of(settings, id)
    return { checkedAt: this.clock.now(), facts }
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
