import { Injectable } from '@nestjs/common'
import { DataSource } from 'typeorm'
import { ExpertSource } from '../handoff/ports'
import type { ExpertRecord } from '../handoff/handoff-message'
import { Xpert } from './xpert.entity'

/** Experts for the runs: published or not, by tenant and, where given, by organisation. */
@Injectable()
export class XpertSource extends ExpertSource {
  constructor(private readonly dataSource: DataSource) {
    super()
  }

  async find(xpertId: string, tenantId: string, organizationId?: string): Promise<ExpertRecord | null> {
    if (!UUID.test(xpertId)) return null
    const xpert = await this.dataSource.getRepository(Xpert).findOneBy({ id: xpertId, tenantId })
    if (!xpert || (organizationId && xpert.organizationId !== organizationId)) return null
    const { id, name, userId, script } = xpert
    return { id, tenantId, organizationId: xpert.organizationId ?? '', name, userId, script }
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
