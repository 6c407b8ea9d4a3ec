import { BadRequestException, Injectable } from '@nestjs/common'
import { Language, languageOf, say } from '../i18n'
import { appKeyOf, LarkApiError, LarkApis } from '../lark'
import { ConnectionStatuses } from '../long-connection'
import { ConnectionMode, LarkSettings, parseSettings, SettingsInvalidError } from '../settings'
import { Clock } from '../shared'
import { webhookUrlOf } from './webhook-url'

/** What the host's integration page shows after a test (host-contract §6). */
export interface TestResult {
  mode: ConnectionMode
  webhookUrl?: string
  probe?: { connected: boolean; state: string; lastError: string | null; checkedAt: number }
  warnings: string[]
}

/**
 * Runs on test and on every save, and may block the save: throws `BadRequestException` only for what the user can mend by
 * editing the form (host-observed 10).
 */
@Injectable()
export class ConnectionTest {
  constructor(
    private readonly apis: LarkApis,
    private readonly statuses: ConnectionStatuses,
    private readonly clock: Clock
  ) {}

  async run(options: unknown, integrationId: string | undefined): Promise<TestResult> {
    const settings = this.parse(options)
    const language = languageOf(settings.preferLanguage)
    const warnings: string[] = []
    await this.checkCredentials(settings, language, warnings)
    if (settings.connectionMode === 'long_connection') {
      return { mode: 'long_connection', probe: await this.probe(settings, integrationId), warnings }
    }
    if (!settings.verificationToken && !settings.encryptKey) warnings.push(say('noWebhookSecrets', language))
    const webhook = webhookUrlOf(process.env['API_BASE_URL'], integrationId, language)
    if (webhook.warning) warnings.push(webhook.warning)
    return { mode: 'webhook', ...(webhook.url ? { webhookUrl: webhook.url } : {}), warnings }
  }

  private parse(options: unknown): LarkSettings {
    try {
      return parseSettings(options)
    } catch (error) {
      if (error instanceof SettingsInvalidError) throw new BadRequestException(error.message)
      throw error
    }
  }

  private async checkCredentials(settings: LarkSettings, language: Language, warnings: string[]): Promise<void> {
    try {
      await this.apis.for(settings).checkCredentials()
    } catch (error) {
      if (error instanceof LarkApiError && error.code === 'credentials')
        throw new BadRequestException(say('credentialsRejected', language))
      warnings.push(say('larkUnreachable', language))
    }
  }

  /** What the running connection says: a second socket of the same app would take events away from it. */
  private async probe(settings: LarkSettings, integrationId: string | undefined): Promise<TestResult['probe']> {
    const status = integrationId ? await this.statuses.find(appKeyOf(settings)) : null
    return {
      connected: status?.state === 'connected',
      state: status?.state ?? 'not_started',
      lastError: status?.recentErrors[0]?.message ?? null,
      checkedAt: this.clock.now().getTime()
    }
  }
}
