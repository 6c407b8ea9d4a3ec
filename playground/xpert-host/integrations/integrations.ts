import { BadRequestException, Injectable, NotFoundException } from '@nestjs/common'
import { RequestContext } from '@xpert-ai/plugin-sdk'
import { DataSource, IsNull, type FindManyOptions, type FindOneOptions, type FindOptionsWhere } from 'typeorm'
import { requestScope } from '../kernel/request-scope'
import { IntegrationRegistry } from '../plugin/strategy-registries'
import type { IntegrationDraft, IntegrationStrategy } from './integration-strategy'
import { Integration } from './integration.entity'

/** What of `validateConfig`'s result is merged on save; the rest only reaches the caller of test. */
const MERGED_RESULT_KEYS = ['name', 'description', 'slug', 'provider', 'options', 'features'] as const
const KNOWN_FEATURES = new Set(['knowledge', 'agent', 'sso'])
const EDITABLE_KEYS = ['name', 'description', 'avatar', 'slug', 'provider', 'options', 'features'] as const

/** Integrations of the request's tenant and organisation, with the hooks of their provider's strategy. */
@Injectable()
export class Integrations {
  constructor(
    private readonly dataSource: DataSource,
    private readonly registry: IntegrationRegistry
  ) {}

  providers(): IntegrationStrategy['meta'][] {
    return this.registry.all().map((strategy) => strategy.meta)
  }

  async test(draft: IntegrationDraft): Promise<unknown> {
    return this.strategy(draft.provider).validateConfig?.(draft.options, draft)
  }

  async create(input: IntegrationDraft): Promise<Integration> {
    const scope = this.scope()
    const next = await this.validated(pickEditable(input))
    const userId = RequestContext.currentUserId()
    const row = {
      ...next,
      tenantId: scope.tenantId,
      organizationId: scope.organizationId ?? null,
      userId,
      createdById: userId
    }
    return this.repository.save(this.repository.create(row))
  }

  /** `onUpdate` (for another provider: `onDelete` of the former) runs before the write and may block it with 400. */
  async update(id: string, patch: IntegrationDraft): Promise<Integration> {
    const previous = await this.findOne(id)
    const next = await this.validated({ ...previous, ...pickEditable(patch) })
    const strategy = this.registry.find(previous.provider)
    await orBadRequest(() =>
      next.provider === previous.provider ? strategy?.onUpdate?.(previous, next) : strategy?.onDelete?.(previous)
    )
    await this.repository.save({ ...next, id, updatedById: RequestContext.currentUserId() })
    return this.findOne(id)
  }

  async delete(id: string): Promise<Integration> {
    const integration = await this.findOne(id)
    await orBadRequest(() => this.registry.find(integration.provider)?.onDelete?.(integration))
    await this.repository.delete({ id })
    return integration
  }

  async findOne(id: string): Promise<Integration> {
    const integration = await this.repository.findOneBy({ id, ...this.scope() })
    if (!integration) throw new NotFoundException('The requested record was not found')
    return integration
  }

  async findAll(options: FindManyOptions<Integration> = {}): Promise<{ items: Integration[]; total: number }> {
    const scope = this.scope()
    const wanted = Array.isArray(options.where) ? options.where : [options.where ?? {}]
    const where = wanted.map((condition) => ({ ...condition, ...scope }))
    const [items, total] = await this.repository.findAndCount({ order: { createdAt: 'ASC' }, ...options, where })
    return { items, total }
  }

  /** By id alone: no tenant, no organisation, no provider. */
  readOneById(id: string, options?: FindOneOptions<Integration>): Promise<Integration | null> {
    return this.repository.findOne({ ...options, where: { id } })
  }

  private get repository() {
    return this.dataSource.getRepository(Integration)
  }

  private scope(): { tenantId: string; organizationId?: string } & FindOptionsWhere<Integration> {
    const scope = requestScope()
    if (!scope?.tenantId) throw new BadRequestException('Tenant scope is required.')
    return { tenantId: scope.tenantId, organizationId: (scope.organizationId ?? IsNull()) as string | undefined }
  }

  private async validated(draft: IntegrationDraft): Promise<IntegrationDraft> {
    const strategy = this.strategy(draft.provider)
    const result = await orBadRequest(() => strategy.validateConfig?.(draft.options, draft))
    if (typeof result !== 'object' || result === null) return draft
    const merged: IntegrationDraft = { ...draft }
    for (const key of MERGED_RESULT_KEYS) {
      const value: unknown = Reflect.get(result, key)
      if (value !== undefined) Reflect.set(merged, key, key === 'features' ? knownFeatures(value) : value)
    }
    return merged
  }

  private strategy(provider: string | undefined): IntegrationStrategy {
    const strategy = provider ? this.registry.find(provider) : undefined
    if (!strategy) throw new NotFoundException(`No strategy found for type ${provider}`)
    return strategy
  }
}

async function orBadRequest<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new BadRequestException(error instanceof Error ? error.message : String(error))
  }
}

const knownFeatures = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((feature): feature is string => KNOWN_FEATURES.has(feature)) : []

function pickEditable(input: IntegrationDraft): IntegrationDraft {
  const picked: IntegrationDraft = {}
  for (const key of EDITABLE_KEYS) if (input[key] !== undefined) Reflect.set(picked, key, input[key])
  return picked
}
