import { TypeOrmModule } from '@nestjs/typeorm'
import type { DynamicModule } from '@nestjs/common'
import { Client } from 'pg'
import { DataSource, type DataSourceOptions } from 'typeorm'
import { accountEntities } from '../accounts/tenancy.entities'
import { seedDatabase } from '../accounts/seed-database'
import { Xpert } from '../digital-experts/xpert.entity'
import { handoffEntities } from '../handoff'
import { Integration } from '../integrations/integration.entity'
import { PluginInstance } from '../plugin/plugin-instance.entity'

/** Any number: instances that start at once on one database take turns at its schema. */
const SCHEMA_LOCK = 7_310_042

export function databaseModule(databaseUrl: string, pluginEntities: (new () => object)[]): DynamicModule {
  return TypeOrmModule.forRootAsync({
    useFactory: () => ({
      type: 'postgres' as const,
      url: databaseUrl,
      entities: [...accountEntities, Integration, Xpert, PluginInstance, ...handoffEntities, ...pluginEntities],
      autoLoadEntities: true,
      // gen_random_uuid() is built in: no extension has to be installed.
      uuidExtension: 'pgcrypto' as const,
      installExtensions: false,
      poolSize: 20,
      retryAttempts: 3,
      retryDelay: 500
    }),
    dataSourceFactory: (options) => connect(options as DataSourceOptions, databaseUrl)
  })
}

/** Connects, synchronises the schema from the entities and seeds, all under one lock. */
async function connect(options: DataSourceOptions, databaseUrl: string): Promise<DataSource> {
  const lock = new Client({ connectionString: databaseUrl })
  await lock.connect()
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [SCHEMA_LOCK])
    const dataSource = await new DataSource(options).initialize()
    await dataSource.synchronize()
    await seedDatabase(dataSource.manager)
    return dataSource
  } finally {
    await lock.end()
  }
}
