import { Body, Controller, Get, Header, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common'
import { Permissions } from '../auth/auth.guard'
import type { ViewActionRequest } from './view-contract'
import { ViewHosts } from './view-hosts'
import { parseOptionsQuery, parseViewQuery, type RawQuery } from './view-query'

@Controller('view-hosts/:hostType/:hostId')
@Permissions('INTEGRATION_VIEW', 'INTEGRATION_EDIT')
export class ViewHostController {
  constructor(private readonly views: ViewHosts) {}

  @Get('slots/:slot/views')
  list(
    @Param('hostType') hostType: string,
    @Param('hostId', ParseUUIDPipe) hostId: string,
    @Param('slot') slot: string
  ) {
    return this.views.list(hostType, hostId, slot)
  }

  @Get('views/:viewKey/manifest')
  manifest(
    @Param('hostType') hostType: string,
    @Param('hostId', ParseUUIDPipe) hostId: string,
    @Param('viewKey') viewKey: string
  ) {
    return this.views.manifest(hostType, hostId, viewKey)
  }

  @Get('views/:viewKey/data')
  data(
    @Param('hostType') hostType: string,
    @Param('hostId', ParseUUIDPipe) hostId: string,
    @Param('viewKey') viewKey: string,
    @Query() query: RawQuery
  ) {
    return this.views.data(hostType, hostId, viewKey, parseViewQuery(query))
  }

  @Get('views/:viewKey/remote-component/entry')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Cache-Control', 'no-store')
  remoteEntry(
    @Param('hostType') hostType: string,
    @Param('hostId', ParseUUIDPipe) hostId: string,
    @Param('viewKey') viewKey: string
  ) {
    return this.views.remoteEntry(hostType, hostId, viewKey)
  }

  @Get('views/:viewKey/parameters/:parameterKey/options')
  options(@Param() at: ViewPath & { parameterKey: string }, @Query() query: RawQuery) {
    return this.views.options(at.hostType, at.hostId, at.viewKey, at.parameterKey, parseOptionsQuery(query))
  }

  @Post('views/:viewKey/actions/:actionKey')
  act(@Param() at: ViewPath & { actionKey: string }, @Body() body?: ViewActionRequest) {
    const { targetId, input, parameters } = body ?? {}
    return this.views.act(at.hostType, at.hostId, at.viewKey, at.actionKey, { targetId, input, parameters })
  }
}

interface ViewPath {
  hostType: string
  hostId: string
  viewKey: string
}
