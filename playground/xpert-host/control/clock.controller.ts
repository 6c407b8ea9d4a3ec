import { BadRequestException, Body, Controller, Get, HttpCode, Post } from '@nestjs/common'
import { changeClock, readClock, type ClockChange } from '../../clock/clock-control'
import { Public } from '../auth/auth.guard'

@Public()
@Controller('_control/clock')
export class ClockController {
  @Get()
  read() {
    return readClock()
  }

  @Post()
  @HttpCode(200)
  change(@Body() change: ClockChange) {
    try {
      return changeClock(change ?? {})
    } catch (error) {
      throw new BadRequestException((error as Error).message)
    }
  }
}
