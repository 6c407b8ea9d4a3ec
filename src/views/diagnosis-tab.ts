import { Injectable } from '@nestjs/common'
import { ViewActionResult, ViewData, ViewQuery } from '../host'
import { inBoth, say, TextKey } from '../i18n'
import { Doctor, renderLine, Verdict } from '../integration'
import { LarkIntegration } from '../settings'
import type { IntegrationTab, Reader, TabAction } from './integration-tabs'
import { RuntimeLines } from './runtime-lines'

const VERDICTS: Record<Verdict, TextKey> = {
  ok: 'verdictOk',
  warn: 'verdictWarn',
  fail: 'verdictFail',
  unknown: 'verdictUnknown',
  optional: 'verdictOptional'
}

/** The doctor's lines as a table, and the facts that it does not judge. Reading asks Lark, at most once a minute: somebody has opened the tab. */
@Injectable()
export class DiagnosisTab implements IntegrationTab {
  readonly actions: Record<string, TabAction> = {
    check_again: (integration) => this.checkAgain(integration)
  }

  constructor(
    private readonly doctor: Doctor,
    private readonly runtime: RuntimeLines
  ) {}

  async read(integration: LarkIntegration, _query: ViewQuery, { language }: Reader): Promise<ViewData> {
    const [{ lines }, facts] = await Promise.all([
      this.doctor.reportOn(integration),
      this.runtime.of(integration, language)
    ])
    const judged = lines
      .map((line) => renderLine(line, language))
      .map((line) => ({ ...line, id: line.check, verdict: say(VERDICTS[line.verdict], language) }))
    const items = [...judged, ...facts.map((fact) => ({ ...fact }))]
    return { items, total: items.length }
  }

  private async checkAgain(integration: LarkIntegration): Promise<ViewActionResult> {
    this.doctor.forget(integration)
    await this.doctor.reportOn(integration)
    return { success: true, message: inBoth('checkedAgain'), refresh: true }
  }
}
