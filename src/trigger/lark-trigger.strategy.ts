import { BadRequestException, Injectable } from '@nestjs/common'
import { WorkflowTriggerStrategy } from '@xpert-ai/plugin-sdk'
import { ChecklistItem, currentCaller, readerLanguage } from '../host'
import { I18nText, inBoth, label, languageFrom } from '../i18n'
import { IntegrationReader, LarkIntegration } from '../settings'
import { Clock, Log } from '../shared'
import { BindingHolders, OtherHolder } from './binding-holders'
import { BindingRepository } from './binding.repository'
import { aboutInvalid } from './setting-names'
import { parseTriggerConfig, TriggerConfig } from './trigger-config'
import { triggerForm } from './trigger-form'
import { TriggerWarnings } from './trigger-warnings'

interface TriggerInput {
  xpertId: string
  config: unknown
}

interface Problem {
  field: string
  message: I18nText
}

interface Checked {
  problems: Problem[]
  integration: LarkIntegration | null
  config: TriggerConfig
  /** Another id that holds the integration and may be replaced. */
  replaced: OtherHolder | null
}

/**
 * Binds an integration to a published Digital Expert. Nothing is kept in memory: publish and stop run on one instance, and
 * the others learn it from the binding's row.
 */
@Injectable()
@WorkflowTriggerStrategy('lark')
export class LarkTriggerStrategy {
  readonly meta = {
    name: 'lark',
    label: label('larkTrigger'),
    icon: { type: 'font', value: 'ri-message-3-line' },
    configSchema: triggerForm
  }

  /**
   * Bindings are stored, so nothing has to be published again when the host starts (host-observed 21). Nor could it be: a
   * replay looks like a publish, brings graphs whose publish was refused too, and on some hosts nobody's organisation.
   */
  readonly bootstrap = { mode: 'skip' as const }

  private readonly log = new Log('trigger')

  constructor(
    private readonly bindings: BindingRepository,
    private readonly holders: BindingHolders,
    private readonly integrations: IntegrationReader,
    private readonly warnings: TriggerWarnings,
    private readonly clock: Clock
  ) {}

  async validate(input: { xpertId: string; node?: { key?: string }; config: unknown }): Promise<ChecklistItem[]> {
    const { problems, integration, config } = await this.check(input)
    // Of an integration of somebody else, nothing is said.
    const warnings = integration && problems.length === 0 ? await this.warnings.of(integration, config) : []
    const toItem = ({ field, message }: Problem, level: ChecklistItem['level']): ChecklistItem => ({
      ...(input.node?.key ? { node: input.node.key } : {}),
      ruleCode: `LARK_TRIGGER_${field.replace(/[A-Z]/g, '_$&').toUpperCase()}`,
      field,
      value: null,
      message,
      level
    })
    return [...problems.map((one) => toItem(one, 'error')), ...warnings.map((one) => toItem(one, 'warning'))]
  }

  async publish(input: TriggerInput): Promise<void> {
    const { problems, integration, config, replaced } = await this.check(input)
    if (problems.length > 0 || !integration)
      throw new BadRequestException(problems.map(({ message }) => inLanguage(message)).join(' '))
    const bound = await this.bindings.publish(
      {
        integrationId: integration.id,
        xpertId: input.xpertId,
        tenantId: integration.tenantId,
        organizationId: integration.organizationId,
        config: { ...config }
      },
      this.clock.now(),
      replaced
    )
    if (!bound) throw new BadRequestException(inLanguage(await this.holders.refusal(integration)))
    this.log.info('trigger published', {
      integration: integration.id,
      xpert: input.xpertId,
      replaced: replaced?.xpertId
    })
  }

  async stop(input: TriggerInput): Promise<void> {
    await this.bindings.stop(input.xpertId)
    this.log.info('trigger stopped', { xpert: input.xpertId })
  }

  private async check(input: TriggerInput): Promise<Checked> {
    const { config, invalid } = parseTriggerConfig(input.config)
    const problems: Problem[] = invalid.map((field) => ({ field, message: aboutInvalid(field) }))
    const isNamed = config.integrationId !== '' && !invalid.includes('integrationId')
    const found = isNamed ? await this.integrations.lookUp(config.integrationId) : 'unknown'
    const integration = typeof found === 'string' ? null : found.integration
    let replaced: OtherHolder | null = null
    if (found === 'unavailable') {
      problems.push({ field: 'integrationId', message: inBoth('tryAgainLater') })
    } else if (isNamed && !(integration && isOwn(integration))) {
      problems.push({ field: 'integrationId', message: inBoth('integrationNotFound') })
    } else if (integration) {
      replaced = await this.holders.otherThan(input.xpertId, integration)
      if (replaced && !replaced.mayBeReplaced)
        problems.push({ field: 'integrationId', message: await this.holders.refusal(integration) })
    }
    return { problems, integration, config, replaced }
  }
}

/** As the reader's interface speaks. */
const inLanguage = ({ en_US, zh_Hans }: I18nText): string =>
  languageFrom(readerLanguage()) === 'zh-Hans' ? zh_Hans : en_US

/** The host's integration service is not filtered by tenant (host-contract §10 13): compare with the caller's. */
const isOwn = (integration: LarkIntegration): boolean => {
  const caller = currentCaller()
  if (caller.tenantId === null) return true
  const sameOrganization = caller.organizationId === null || caller.organizationId === integration.organizationId
  return caller.tenantId === integration.tenantId && sameOrganization
}
