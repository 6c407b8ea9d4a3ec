import { BadRequestException, Body, Controller, HttpCode, Post } from '@nestjs/common'
import { Public } from '../auth/auth.guard'
import { IntegrationFaults, type IntegrationReadMode } from '../integrations/integration-faults'

@Public()
@Controller('_control/faults')
export class FaultsController {
  constructor(private readonly faults: IntegrationFaults) {}

  /** How the plugin's reads of integrations go in this process. */
  @Post('integration-reads')
  @HttpCode(200)
  integrationReads(@Body() body: { mode: IntegrationReadMode }) {
    if (!['ok', 'fail', 'hang'].includes(body?.mode)) throw new BadRequestException('mode is ok, fail or hang')
    this.faults.set(body.mode)
    return { mode: body.mode }
  }
}
