import { BadRequestException, Body, Controller, Delete, Get, Param, ParseUUIDPipe, Post, Put } from '@nestjs/common'
import { Permissions } from '../auth/auth.guard'
import type { ExpertScript } from '../handoff'
import { TriggerRegistry } from '../plugin/strategy-registries'
import type { TriggerNode } from './xpert.entity'
import { Xperts } from './xperts'

@Controller('xpert')
@Permissions('XPERT_EDIT')
export class XpertController {
  constructor(
    private readonly xperts: Xperts,
    private readonly triggers: TriggerRegistry
  ) {}

  @Get()
  async list() {
    const items = await this.xperts.list()
    return { items, total: items.length }
  }

  @Get('select-options')
  async selectOptions() {
    return (await this.xperts.list()).map(({ id, name }) => ({ value: id, label: name }))
  }

  @Get('triggers/providers')
  triggerProviders() {
    return this.triggers.all().map((strategy) => strategy.meta)
  }

  @Get(':id')
  one(@Param('id', ParseUUIDPipe) id: string) {
    return this.xperts.findOne(id)
  }

  @Post()
  create(@Body() body: { name?: string; script?: ExpertScript }) {
    if (!body?.name || !body.script) throw new BadRequestException('name and script are required')
    return this.xperts.create({ name: body.name, script: body.script })
  }

  @Put(':id')
  update(@Param('id', ParseUUIDPipe) id: string, @Body() body: { name?: string; script?: ExpertScript }) {
    return this.xperts.update(id, body ?? {})
  }

  @Post(':id/triggers/validate')
  validate(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: { provider: string; config: Record<string, unknown> }
  ) {
    return this.xperts.validateTrigger(id, toNode(body))
  }

  @Get(':id/version')
  async versions(@Param('id', ParseUUIDPipe) id: string) {
    return (await this.xperts.versions(id)).map(({ id, version, latest }) => ({ id, version, latest }))
  }

  @Post(':id/latest')
  setAsLatest(@Param('id', ParseUUIDPipe) id: string) {
    return this.xperts.setAsLatest(id)
  }

  /** Body: `{ trigger?: { provider, config }, newVersion?: boolean }` */
  @Post(':id/publish')
  publish(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body?: { trigger?: { provider: string; config: Record<string, unknown> }; newVersion?: boolean }
  ) {
    return this.xperts.publish(id, body?.trigger ? [toNode(body.trigger)] : [], body)
  }

  @Delete(':id')
  delete(@Param('id', ParseUUIDPipe) id: string) {
    return this.xperts.delete(id)
  }
}

function toNode(body: { provider?: string; config?: Record<string, unknown> }): TriggerNode {
  if (!body?.provider) throw new BadRequestException('provider is required')
  return { from: body.provider, config: body.config ?? {} }
}
