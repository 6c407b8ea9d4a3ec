import { Controller, Get, HttpCode, Post } from '@nestjs/common'
import { readerLanguage, ViewActionResult } from '../host'
import { languageFrom } from '../i18n'
import { ForIntegration, LarkIntegration, OwnIntegration } from '../settings'
import { ConnectionActions } from './connection-actions'
import { RuntimeStatus, StatusTab } from './status-tab'

/** The Status tab and its switches, for programs. */
@Controller('lark')
export class LarkRuntimeController {
  constructor(
    private readonly status: StatusTab,
    private readonly switches: ConnectionActions
  ) {}

  @Get(':id/runtime-status')
  @ForIntegration('read')
  runtimeStatus(@OwnIntegration() integration: LarkIntegration): Promise<RuntimeStatus> {
    return this.status.statusOf(integration)
  }

  @Post(':id/reconnect')
  @HttpCode(202)
  @ForIntegration('act')
  reconnect(@OwnIntegration() integration: LarkIntegration): Promise<ViewActionResult> {
    return this.switches.ask('reconnect', integration, reader(integration))
  }

  @Post(':id/disconnect')
  @HttpCode(202)
  @ForIntegration('act')
  disconnect(@OwnIntegration() integration: LarkIntegration): Promise<ViewActionResult> {
    return this.switches.ask('disconnect', integration, reader(integration))
  }

  @Post(':id/connect')
  @HttpCode(202)
  @ForIntegration('act')
  connect(@OwnIntegration() integration: LarkIntegration): Promise<ViewActionResult> {
    return this.switches.ask('connect', integration, reader(integration))
  }
}

const reader = ({ settings }: LarkIntegration) => ({
  language: languageFrom(readerLanguage(), settings.preferLanguage)
})
