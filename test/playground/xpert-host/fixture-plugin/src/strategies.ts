import { applyDecorators, BadRequestException, Injectable, SetMetadata } from '@nestjs/common'
import { IntegrationStrategyKey, RequestContext, WorkflowTriggerStrategy } from '@xpert-ai/plugin-sdk'
import { record } from './record'

const strategy = (key: string, value: string) =>
  applyDecorators(SetMetadata(key, value), SetMetadata('XPERT_STRATEGY_META_KEY', key))

interface Options {
  plainError?: string
  badRequest?: string
  result?: unknown
}

@Injectable()
@IntegrationStrategyKey('fixture')
export class FixtureIntegration {
  meta = { name: 'fixture', label: { en_US: 'Fixture' } }

  async execute(): Promise<null> {
    return null
  }

  async validateConfig(options: Options, integration: { id?: string }): Promise<unknown> {
    record('validateConfig', { id: integration.id ?? null, options })
    if (options.plainError) throw new Error(options.plainError)
    if (options.badRequest) throw new BadRequestException(options.badRequest)
    return options.result
  }

  async onUpdate(previous: { options: Options }, next: { options: Options & { refuse?: string } }): Promise<void> {
    record('onUpdate', { previous: previous.options, next: next.options })
    if (next.options.refuse) throw new Error(next.options.refuse)
  }

  async onDelete(integration: { id: string }): Promise<void> {
    record('onDelete', { id: integration.id })
  }
}

/** A base without marks: metadata is inherited, so a subclass of a marked class would count as marked. */
abstract class TriggerBase {
  abstract meta: { name: string; label: { en_US: string } }

  async validate({ node, config }: { node: unknown; config: { invalid?: boolean } }) {
    record('validate', { node: Boolean(node) })
    return config.invalid
      ? [{ ruleCode: 'FIXTURE', field: 'invalid', value: true, message: { en_US: 'Invalid' }, level: 'error' as const }]
      : []
  }

  async publish(
    params: { xpertId: string; config: { failPublish?: boolean; start?: string } },
    callback: (payload: unknown) => void
  ): Promise<void> {
    record('publish', { ...params, user: RequestContext.currentUserId() })
    if (params.config.failPublish) throw new Error('publish failed')
    if (params.config.start) callback({ from: 'fixture', state: { human: { input: params.config.start } } })
  }

  async stop(params: { xpertId: string; config: unknown }): Promise<void> {
    record('stop', params)
  }
}

@Injectable()
@WorkflowTriggerStrategy('fixture')
export class FixtureTrigger extends TriggerBase {
  meta = { name: 'fixture', label: { en_US: 'Fixture' } }
}

/** Not published again at the start of the host. */
@Injectable()
@WorkflowTriggerStrategy('fixture-skip')
export class SkippedTrigger extends TriggerBase {
  meta = { name: 'fixture-skip', label: { en_US: 'Skipped' } }
  bootstrap = { mode: 'skip' as const }
}

/** Listed only in what register() returns: the host does not mark it. */
@Injectable()
@WorkflowTriggerStrategy('fixture-unlisted')
export class UnlistedTrigger extends TriggerBase {
  meta = { name: 'fixture-unlisted', label: { en_US: 'Unlisted' } }
}

@Injectable()
@strategy('HANDOFF_PROCESSOR_STRATEGY', 'plugin.fixture.echo.v1')
export class FixtureProcessor {
  async process(message: { payload: unknown }) {
    record('process', {
      payload: message.payload,
      tenant: RequestContext.currentTenantId(),
      user: RequestContext.currentUserId()
    })
    return { status: 'ok' as const }
  }
}

const text = (en_US: string) => ({ en_US })

@Injectable()
@strategy('VIEW_EXTENSION_PROVIDER', 'fixture_views')
export class FixtureViews {
  private reads = 0

  supports(context: { hostSnapshot: { provider: string } }): boolean {
    return context.hostSnapshot.provider === 'fixture'
  }

  getViewManifests(_context: unknown, slot: string) {
    const common = { hostType: 'integration', slot, source: { provider: 'fixture_views' } }
    return [
      {
        ...common,
        key: 'rows',
        title: text('Rows'),
        order: 2,
        view: { type: 'table', columns: [{ key: 'id', label: text('Id') }] },
        dataSource: {
          mode: 'platform',
          querySchema: { supportsPagination: true },
          cache: { enabled: true, ttlMs: 600_000 }
        },
        actions: [
          { key: 'refresh', label: text('Refresh'), actionType: 'invoke' },
          { key: 'keep', label: text('Keep'), actionType: 'invoke' }
        ]
      },
      {
        ...common,
        key: 'live',
        title: text('Live'),
        order: 1,
        view: { type: 'raw_json' },
        dataSource: { mode: 'platform', cache: { enabled: false } },
        permissions: ['INTEGRATION_EDIT']
      }
    ]
  }

  getViewData(_context: unknown, viewKey: string, query: unknown) {
    return { items: [{ id: viewKey }], total: ++this.reads, query }
  }

  executeViewAction(_context: unknown, _viewKey: string, actionKey: string, request: unknown) {
    return { success: true, data: request, refresh: actionKey === 'refresh' }
  }
}

/** One label as a plain string: everything of this provider vanishes, the good manifest too. */
@Injectable()
@strategy('VIEW_EXTENSION_PROVIDER', 'fixture_broken')
export class BrokenViews extends FixtureViews {
  override getViewManifests(context: unknown, slot: string) {
    const [first, second] = super.getViewManifests(context, slot)
    return [{ ...first, title: 'Rows' as never }, second]
  }
}
