import { Injectable } from '@nestjs/common'
import { IntegrationStrategyKey } from '@xpert-ai/plugin-sdk'
import { HostIntegration } from '../host'
import { label } from '../i18n'
import { IntegrationChanges, settingsForm } from '../settings'
import { ConnectionTest, TestResult } from './connection-test'

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
    schema: settingsForm,
    setup: { autoValidateOnLoad: true }
  }

  constructor(
    private readonly test: ConnectionTest,
    private readonly changes: IntegrationChanges
  ) {}

  async execute(): Promise<null> {
    return null
  }

  validateConfig(options: unknown, integration?: { id?: string }): Promise<TestResult> {
    return this.test.run(options, integration?.id)
  }

  /** Runs before the host's write; the short life of the cached row covers what is read in between. */
  async onUpdate(previous: HostIntegration): Promise<void> {
    await this.changes.changed(previous.id)
  }

  async onDelete(integration: HostIntegration): Promise<void> {
    await this.changes.removed(integration.id)
  }
}
