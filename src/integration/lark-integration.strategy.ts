import { Injectable } from '@nestjs/common'
import { IntegrationStrategyKey } from '@xpert-ai/plugin-sdk'
import { HostIntegration } from '../host'
import { label } from '../i18n'
import { appKeyOf, LarkClientFactory } from '../lark'
import { IntegrationChanges, LarkSettings, parseSettings, settingsForm, SettingsInvalidError } from '../settings'
import { JsonObject } from '../shared'
import { ConnectionTest, TestResult } from './connection-test'
import { KeptOptions } from './kept-options'

/** Undefined for options that can not be used. */
const settingsOf = (options: unknown): LarkSettings | undefined => {
  try {
    return parseSettings(options)
  } catch (error) {
    if (!(error instanceof SettingsInvalidError)) throw error
    return undefined
  }
}

const appOf = (integration: { options?: unknown } | undefined): string | undefined => {
  const settings = settingsOf(integration?.options)
  return settings && appKeyOf(settings)
}

/** The provider `lark`: its form, its test, and what follows from a change. */
@Injectable()
@IntegrationStrategyKey('lark')
export class LarkIntegrationStrategy {
  readonly meta = {
    name: 'lark',
    label: label('lark'),
    description: label('pluginDescription'),
    icon: { type: 'font', value: 'ri-message-3-line' },
    webhook: true,
    features: ['agent'],
    helpUrl: 'https://open.feishu.cn/app',
    helpLinks: [
      { url: 'https://open.feishu.cn/app', label: label('feishuConsole') },
      { url: 'https://open.larksuite.com/app', label: label('larkConsole') }
    ],
    schema: settingsForm,
    setup: { autoValidateOnLoad: true }
  }

  constructor(
    private readonly test: ConnectionTest,
    private readonly kept: KeptOptions,
    private readonly changes: IntegrationChanges,
    private readonly clients: LarkClientFactory
  ) {}

  async execute(): Promise<null> {
    return null
  }

  /** What it returns as `options` the host stores instead of what the form sent. */
  async validateConfig(
    options: unknown,
    integration?: { id?: string | null }
  ): Promise<TestResult & { options?: JsonObject }> {
    const id = integration?.id || undefined
    const result = await this.test.run(options, id)
    const kept = await this.kept.with(options, id)
    return kept ? { ...result, options: kept } : result
  }

  /** Runs before the host's write. */
  async onUpdate(previous: HostIntegration, next?: { options?: unknown }): Promise<void> {
    await this.changes.announced(previous.id, { before: appOf(previous), after: appOf(next) })
    this.forgetSecret(previous)
  }

  async onDelete(integration: HostIntegration): Promise<void> {
    await this.changes.removed(integration.id)
    this.forgetSecret(integration)
  }

  private forgetSecret({ options }: HostIntegration): void {
    const settings = settingsOf(options)
    // Options that could not be used never made a client.
    if (settings) this.clients.forget(settings)
  }
}
