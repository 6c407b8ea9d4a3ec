import { Injectable } from '@nestjs/common'
import type { FindManyOptions, FindOneOptions } from 'typeorm'
import { HostFaults } from '../control/host-faults'
import type { Integration } from './integration.entity'
import { Integrations } from './integrations'

/**
 * `INTEGRATION_PERMISSION_SERVICE_TOKEN` (host-contract 2.2) with its traps: `read` looks at no tenant, `findAll` is
 * scoped by the request context, and an error looks like nothing: null or an empty list means unknown, never deleted.
 */
@Injectable()
export class IntegrationPermissionService {
  constructor(
    private readonly integrations: Integrations,
    private readonly faults: HostFaults
  ) {}

  async read(id: string, options?: FindOneOptions<Integration>): Promise<Integration | null> {
    if (!id) return null
    try {
      await this.faults.apply('integration-reads')
      return await this.integrations.readOneById(id, options)
    } catch {
      return null
    }
  }

  async findAll(options?: FindManyOptions<Integration>): Promise<{ items: Integration[]; total: number }> {
    try {
      await this.faults.apply('integration-reads')
      return await this.integrations.findAll(options)
    } catch {
      return { items: [], total: 0 }
    }
  }
}
