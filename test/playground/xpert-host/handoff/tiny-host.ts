/**
 * The smallest application around HandoffModule: experts come from a table, callbacks are written to another one, so that
 * tests look at the same facts whether the instance lives in the test's process or in a child.
 */
import { type DynamicModule, type INestApplicationContext, Injectable, Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { TypeOrmModule } from '@nestjs/typeorm'
import { Client } from 'pg'
import { DataSource } from 'typeorm'
import {
  type ExpertRecord,
  ExpertSource,
  handoffEntities,
  HandoffModule,
  type HandoffOptions,
  type HandoffProcessor,
  HostRequestContext,
  ProcessorLookup
} from '../../../../playground/xpert-host/handoff'

@Injectable()
class TableExperts extends ExpertSource {
  constructor(private readonly dataSource: DataSource) {
    super()
  }

  async find(xpertId: string, tenantId: string, organizationId?: string): Promise<ExpertRecord | null> {
    const [row] = await this.dataSource.query('select record from test_expert where id = $1', [xpertId])
    const record: ExpertRecord | undefined = row?.record
    if (!record || record.tenantId !== tenantId) return null
    return organizationId && record.organizationId !== organizationId ? null : record
  }
}

/** Processors that a test registers in its own process; `probe.cb.v1` records every delivery. */
@Injectable()
export class TestProcessors extends ProcessorLookup {
  readonly own = new Map<string, HandoffProcessor>()

  constructor(private readonly dataSource: DataSource) {
    super()
  }

  find(messageType: string): HandoffProcessor | undefined {
    if (messageType !== 'probe.cb.v1') return this.own.get(messageType)
    return {
      process: async (message) => {
        const hold = Number(message.headers?.holdMs ?? 0)
        await this.record('delivery_begun', message)
        if (hold > 0) await new Promise((resolve) => setTimeout(resolve, hold))
        await this.record('delivery', message)
        return { status: 'ok' }
      }
    }
  }

  private async record(table: string, message: object): Promise<void> {
    if (table === 'delivery_begun' && process.env.RECORD_BEGUN !== '1') return
    await this.dataSource.query(`insert into ${table} (instance, message) values ($1, $2)`, [
      process.env.HOST_INSTANCE ?? 'test',
      JSON.stringify(message)
    ])
  }
}

export const seenContexts: { tenantId: string; organizationId?: string; userId?: string; language?: string }[] = []

class RecordingContext extends HostRequestContext {
  async run<T>(actor: { tenantId: string }, work: () => Promise<T>): Promise<T> {
    seenContexts.push(actor)
    if (seenContexts.length > 50) seenContexts.shift()
    return work()
  }
}

@Module({})
class PortsModule {
  static create(): DynamicModule {
    const ports = [
      { provide: ExpertSource, useClass: TableExperts },
      { provide: ProcessorLookup, useClass: TestProcessors },
      { provide: HostRequestContext, useClass: RecordingContext }
    ]
    return { module: PortsModule, providers: ports, exports: ports }
  }
}

export async function startTinyHost(options: HandoffOptions): Promise<INestApplicationContext> {
  const database = TypeOrmModule.forRoot({
    type: 'postgres',
    url: options.databaseUrl,
    entities: handoffEntities as never[],
    synchronize: true,
    poolSize: 10
  })
  @Module({ imports: [database, PortsModule.create(), HandoffModule.forRoot(options)] })
  class TinyHost {}
  // Two instances that synchronise one schema at the same time get into each other's way.
  const lock = new Client({ connectionString: options.databaseUrl })
  await lock.connect()
  try {
    await lock.query('select pg_advisory_lock(1)')
    return await NestFactory.createApplicationContext(TinyHost, { logger: ['error', 'warn'] })
  } finally {
    await lock.end()
  }
}
