import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  HttpStatus,
  InternalServerErrorException,
  Param,
  ParseUUIDPipe,
  Post,
  Put,
  Query
} from '@nestjs/common'
import { Permissions } from '../auth/auth.guard'
import type { IntegrationDraft } from './integration-strategy'
import type { Integration } from './integration.entity'
import { Integrations } from './integrations'

@Controller('integration')
@Permissions('INTEGRATION_VIEW', 'INTEGRATION_EDIT')
export class IntegrationController {
  constructor(private readonly integrations: Integrations) {}

  /** The list never shows `options`; reading one by its id does. */
  @Get()
  async list() {
    const { items, total } = await this.integrations.findAll()
    return { items: items.map(({ options: _options, ...visible }) => visible), total }
  }

  @Get('providers')
  providers() {
    return this.integrations.providers()
  }

  @Get('select-options')
  async selectOptions(@Query('provider') provider?: string, @Query('features') features?: string) {
    const wanted = features ? features.split(',') : []
    const { items } = await this.integrations.findAll({ where: provider ? { provider } : {} })
    const metas = new Map(this.integrations.providers().map((meta) => [meta.name, meta]))
    return items
      .filter((item: Integration) => wanted.every((feature) => item.features?.includes(feature)))
      .map(({ id, name, description, provider: key }) => ({
        value: id,
        label: name,
        description,
        icon: metas.get(key)?.icon,
        avatar: metas.get(key)?.avatar
      }))
  }

  /**
   * Whatever is thrown becomes the body of a 500: of a plain Error that leaves `{}`, a BadRequestException keeps its
   * text because its fields are enumerable (host-observed 10).
   */
  @Post('test')
  @Permissions('INTEGRATION_EDIT')
  async test(@Body() draft: IntegrationDraft) {
    try {
      return await this.integrations.test(draft)
    } catch (error) {
      throw new InternalServerErrorException(error)
    }
  }

  @Get(':id')
  one(@Param('id', ParseUUIDPipe) id: string) {
    return this.integrations.findOne(id)
  }

  @Post()
  @Permissions('INTEGRATION_EDIT')
  create(@Body() input: IntegrationDraft) {
    return this.integrations.create(input)
  }

  @Put(':id')
  @HttpCode(HttpStatus.ACCEPTED)
  @Permissions('INTEGRATION_EDIT')
  update(@Param('id', ParseUUIDPipe) id: string, @Body() patch: IntegrationDraft) {
    return this.integrations.update(id, patch)
  }

  @Delete(':id')
  @HttpCode(HttpStatus.ACCEPTED)
  @Permissions('INTEGRATION_EDIT')
  delete(@Param('id', ParseUUIDPipe) id: string) {
    return this.integrations.delete(id)
  }
}
