import {
  Injectable,
  type MiddlewareConsumer,
  type NestModule,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  type OnModuleInit
} from '@nestjs/common'
import { CqrsModule } from '@nestjs/cqrs'
import { TypeOrmModule } from '@nestjs/typeorm'
import { XpertServerPlugin } from '@xpert-ai/plugin-sdk'
import type { Request } from 'express'
import { z } from 'zod'
import { CTX_LIVE, CTX_VALUE, INTEGRATION, type FixtureContext } from './context'
import { FixtureController, UnlistedController } from './fixture.controller'
import { FixtureNote } from './note.entity'
import { record } from './record'
import {
  BrokenViews,
  FixtureIntegration,
  FixtureProcessor,
  FixtureTrigger,
  FixtureViews,
  SkippedTrigger,
  UnlistedTrigger
} from './strategies'

const message = (work: () => unknown): string => {
  try {
    work()
    return 'resolved'
  } catch (error) {
    return (error as Error).message
  }
}

@Injectable()
class FixtureLife implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  onModuleInit = () => record('onModuleInit')
  onApplicationBootstrap = () => record('onApplicationBootstrap', { api: process.env.API_BASE_URL })
  onModuleDestroy = () => record('onModuleDestroy')
  onApplicationShutdown = (signal?: string) => record('onApplicationShutdown', { signal })
}

@XpertServerPlugin({
  imports: [TypeOrmModule.forFeature([FixtureNote]), CqrsModule],
  entities: [FixtureNote],
  providers: [
    FixtureLife,
    FixtureIntegration,
    FixtureTrigger,
    SkippedTrigger,
    FixtureProcessor,
    FixtureViews,
    BrokenViews
  ],
  controllers: [FixtureController]
})
class FixtureModule implements NestModule {
  /** What makes a public route of a plugin of any tenant reachable: the middleware says which tenant it is for. */
  configure(consumer: MiddlewareConsumer): void {
    const useTenantOfPath = (request: Request, _response: unknown, next: () => void) => {
      request.headers['tenant-id'] = String(request.params.tenantId)
      next()
    }
    consumer.apply(useTenantOfPath).forRoutes('fixture/hook/:tenantId')
  }

  onPluginBootstrap = () => record('onPluginBootstrap')
  onPluginDestroy = () => record('onPluginDestroy')
}

export default {
  meta: {
    name: '@playground/fixture-plugin',
    version: '1.0.0',
    level: 'tenant',
    artifactNamespace: 'fixture',
    category: 'integration',
    displayName: 'Fixture',
    description: 'Fixture',
    author: 'playground'
  },
  config: { schema: z.object({ greeting: z.string().default('hello') }) },
  permissions: [
    { type: 'integration', service: 'fixture' },
    { type: 'handoff', operations: ['enqueue'] },
    { type: 'user', operations: ['read', 'write'] },
    { type: 'account_binding', providers: ['lark'] },
    { type: 'something_unknown' }
  ],
  register(ctx: FixtureContext): DynamicModule {
    record('register', { config: ctx.config, resolve: message(() => ctx.resolve(INTEGRATION)) })
    return {
      module: FixtureModule,
      providers: [{ provide: CTX_VALUE, useValue: ctx }, { provide: CTX_LIVE, useFactory: () => ctx }, UnlistedTrigger],
      controllers: [UnlistedController],
      exports: []
    }
  },
  onInit: () => record('onInit'),
  onStart: () => record('onStart'),
  onStop: () => record('onStop')
}
