import { BadRequestException, Body, Controller, Get, HttpCode, Inject, Post, Req, SetMetadata } from '@nestjs/common'
import { CommandBus } from '@nestjs/cqrs'
import { InjectRepository } from '@nestjs/typeorm'
import { getRequestContext, RequestContext } from '@xpert-ai/plugin-sdk'
import type { Repository } from 'typeorm'
import { CTX_LIVE, CTX_VALUE, type FixtureContext } from './context'
import { FixtureNote } from './note.entity'
import { calls } from './record'

class CancelCommand {
  constructor(readonly input: { conversationId: string }) {}
}
Reflect.defineMetadata('__command__', { id: '[Chat Conversation] Cancel' }, CancelCommand)

interface ServiceCall {
  token: unknown
  method: string
  args: unknown[]
  /** Outside the request's context, as a timer of the plugin would call. */
  background?: boolean
}

@Controller('fixture')
export class FixtureController {
  constructor(
    @Inject(CTX_VALUE) private readonly clone: FixtureContext,
    @Inject(CTX_LIVE) private readonly live: FixtureContext,
    @InjectRepository(FixtureNote) private readonly notes: Repository<FixtureNote>,
    private readonly commands: CommandBus
  ) {}

  @SetMetadata('isPublic', true)
  @Get('calls')
  calls() {
    return calls
  }

  @SetMetadata('isPublic', true)
  @Post('echo')
  @HttpCode(200)
  echo(@Req() request: { body?: unknown; rawBody?: unknown }) {
    return {
      body: request.body ?? null,
      rawBody: request.rawBody !== undefined,
      user: RequestContext.currentUserId(),
      tenant: RequestContext.currentTenantId()
    }
  }

  @SetMetadata('isPublic', true)
  @Post('hook/:tenantId')
  @HttpCode(200)
  hook() {
    return { ok: true }
  }

  @Get('me')
  me() {
    return {
      user: RequestContext.currentUserId(),
      tenant: RequestContext.currentTenantId(),
      organization: RequestContext.getOrganizationId()
    }
  }

  @Get('contexts')
  contexts() {
    const seen = (context: FixtureContext) => ({
      bound: Boolean(context.module),
      config: context.config,
      scopeKey: context.scopeKey
    })
    return { clone: seen(this.clone), live: seen(this.live) }
  }

  @Post('notes')
  async note(@Body() body: { text: string }) {
    return this.notes.save({ text: body.text })
  }

  @Post('service')
  async service(@Body() call: ServiceCall) {
    const work = async () => {
      const service = this.live.resolve(call.token) as Record<string, (...args: unknown[]) => unknown>
      return { result: (await service[call.method](...call.args)) ?? null }
    }
    return this.attempt(call.background, work)
  }

  @Post('cancel')
  async cancel(@Body() body: { conversationId: string; background?: boolean }) {
    return this.attempt(body.background, async () => ({ result: await this.commands.execute(new CancelCommand(body)) }))
  }

  private async attempt(background: boolean | undefined, work: () => Promise<unknown>): Promise<unknown> {
    try {
      return await (background ? outsideAnyContext(work) : work())
    } catch (error) {
      throw new BadRequestException((error as Error).message)
    }
  }
}

/** Runs work where a timer started at boot would run: nothing of the request is left. */
const queue: (() => void)[] = []
setInterval(() => queue.splice(0).forEach((work) => work()), 5).unref()

function outsideAnyContext<T>(work: () => Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    queue.push(() => {
      if (getRequestContext()) reject(new Error('there is a request context'))
      else work().then(resolve, reject)
    })
  })
}

/** Listed only in what register() returns: the scope guard does not know it. */
@Controller('fixture-unlisted')
export class UnlistedController {
  @Get()
  read() {
    return { ok: true }
  }
}
