import { BadRequestException, Injectable, NotFoundException } from '@nestjs/common'
import { RequestContext } from '@xpert-ai/plugin-sdk'
import { DataSource, IsNull } from 'typeorm'
import { User } from '../accounts/tenancy.entities'
import type { ExpertScript } from '../handoff'
import { requestScope } from '../kernel/request-scope'
import { TriggerRegistry } from '../plugin/strategy-registries'
import { TriggerPublisher } from './trigger-publisher'
import { toGraphNode, type ChecklistItem } from './trigger-strategy'
import { Xpert, type TriggerNode } from './xpert.entity'

/** Digital Experts of the request's tenant and organisation. */
@Injectable()
export class Xperts {
  constructor(
    private readonly dataSource: DataSource,
    private readonly registry: TriggerRegistry,
    private readonly publisher: TriggerPublisher
  ) {}

  list(): Promise<Xpert[]> {
    return this.repository.find({ where: this.scope(), order: { createdAt: 'ASC' } })
  }

  async findOne(id: string): Promise<Xpert> {
    const xpert = await this.repository.findOneBy({ id, ...this.scope() })
    if (!xpert) throw new NotFoundException('The requested record was not found')
    return xpert
  }

  async create(input: { name: string; script: ExpertScript }): Promise<Xpert> {
    const { tenantId } = this.scope()
    const technical = await this.dataSource
      .getRepository(User)
      .save({ tenantId, type: 'technical', username: `expert ${input.name}` })
    return this.repository.save(
      this.repository.create({
        name: input.name,
        slug: input.name
          .trim()
          .toLowerCase()
          .replace(/[^a-z0-9]+/g, '-'),
        latest: true,
        script: input.script,
        tenantId,
        organizationId: requestScope()?.organizationId ?? null,
        userId: technical.id,
        createdById: RequestContext.currentUserId()
      })
    )
  }

  async update(id: string, patch: { name?: string; script?: ExpertScript }): Promise<Xpert> {
    const xpert = await this.findOne(id)
    return this.repository.save({ ...xpert, name: patch.name ?? xpert.name, script: patch.script ?? xpert.script })
  }

  /** What the studio shows for a draft: problems of its trigger, found by the trigger itself. */
  async validateTrigger(id: string, trigger: TriggerNode): Promise<ChecklistItem[]> {
    const xpert = await this.findOne(id)
    const strategy = this.registry.find(trigger.from)
    if (!strategy) throw new NotFoundException(`No strategy found for type ${trigger.from}`)
    return [...(await strategy.validate({ xpertId: xpert.id, node: toGraphNode(trigger), config: trigger.config }))]
  }

  /**
   * Publishes with these triggers and no others: one that was there and is not named is stopped. A new version keeps the
   * id; what was published before becomes a row of its own, of which the triggers learn nothing.
   */
  async publish(id: string, triggers: TriggerNode[], { newVersion = false } = {}): Promise<Xpert> {
    const xpert = await this.findOne(id)
    // The draft is validated when it is saved and again when it is published (host-observed 20).
    for (const round of ['draft', 'publication']) {
      const problems = (await Promise.all(triggers.map((trigger) => this.validateTrigger(id, trigger)))).flat()
      const errors = problems.filter(({ level }) => level === 'error')
      if (errors.length) throw new BadRequestException({ message: `The ${round} has errors`, checklist: errors })
    }
    let version = xpert.version ?? '1'
    if (newVersion && xpert.version) {
      const { id: _id, ...former } = xpert
      await this.repository.save(this.repository.create({ ...former, latest: false }))
      version = String((await this.versions(id)).length)
    }
    // Stored before the triggers are told, so a publication that they abort counts as the last one all the same.
    const published = await this.repository.save({ ...xpert, triggers, version, publishAt: new Date() })
    await this.publisher.reconcile(published, xpert.triggers, triggers, { strict: true })
    return published
  }

  async versions(id: string): Promise<Xpert[]> {
    const { type, slug, workspaceId } = await this.findOne(id)
    const where = { ...this.scope(), type, slug, workspaceId: workspaceId ?? IsNull() }
    return this.repository.find({ where, order: { createdAt: 'ASC' } })
  }

  /** Only the flags change hands: no trigger is stopped or published. */
  async setAsLatest(id: string): Promise<void> {
    const versions = await this.versions(id)
    await this.repository.save(versions.map((version) => ({ ...version, latest: version.id === id })))
  }

  async delete(id: string): Promise<Xpert> {
    const xpert = await this.findOne(id)
    await this.publisher.reconcile(xpert, xpert.triggers, [], { strict: false })
    await this.repository.delete({ id })
    return xpert
  }

  private get repository() {
    return this.dataSource.getRepository(Xpert)
  }

  private scope() {
    const scope = requestScope()
    if (!scope?.tenantId) throw new BadRequestException('Tenant scope is required.')
    return { tenantId: scope.tenantId, organizationId: scope.organizationId ?? IsNull() }
  }
}
