import { Controller, Get } from '@nestjs/common'
import { Public } from '../auth/auth.guard'

@Public()
@Controller('_control/processor-time')
export class ProcessorTimeController {
  /** Milliseconds that this process has computed since it began, its own and the system's for it. */
  @Get()
  read() {
    const { user, system } = process.cpuUsage()
    return { ms: (user + system) / 1000 }
  }
}
