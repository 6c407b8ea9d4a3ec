import { Controller, Get } from '@nestjs/common'
import { ForIntegration, LarkIntegration, OwnIntegration } from '../settings'
import { RuntimeStatus, StatusTab } from './status-tab'

/** The Status tab for programs. */
@Controller('lark')
export class LarkRuntimeController {
  constructor(private readonly status: StatusTab) {}

  @Get(':id/runtime-status')
  @ForIntegration('read')
  runtimeStatus(@OwnIntegration() integration: LarkIntegration): Promise<RuntimeStatus> {
    return this.status.statusOf(integration)
  }
}
