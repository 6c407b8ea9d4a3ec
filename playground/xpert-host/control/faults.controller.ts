import { BadRequestException, Body, Controller, HttpCode, Param, Post } from '@nestjs/common'
import { Public } from '../auth/auth.guard'
import { FAULT_MODES, FAULTY_SERVICES, HostFaults, type FaultMode, type FaultyService } from './host-faults'

@Public()
@Controller('_control/faults')
export class FaultsController {
  constructor(private readonly faults: HostFaults) {}

  /** How the plugin's calls of a service go in this process. */
  @Post(':service')
  @HttpCode(200)
  change(@Param('service') service: FaultyService, @Body() body: { mode: FaultMode }) {
    if (!FAULTY_SERVICES.includes(service)) throw new BadRequestException(`service is ${FAULTY_SERVICES.join(', ')}`)
    if (!FAULT_MODES.includes(body?.mode)) throw new BadRequestException(`mode is ${FAULT_MODES.join(', ')}`)
    this.faults.set(service, body.mode)
    return { mode: body.mode }
  }
}
