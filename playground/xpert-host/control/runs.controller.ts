import { setTimeout as sleep } from 'node:timers/promises'
import { Controller, Get, Query } from '@nestjs/common'
import { realNow } from '../../clock/clock-control'
import { Public } from '../auth/auth.guard'
import { Conversations, HandoffQueue, RunLog, type HostRun } from '../handoff'

const POLL_MS = 25
const LONGEST_WAIT_MS = 60_000

@Public()
@Controller('_control')
export class RunsController {
  constructor(
    private readonly runLog: RunLog,
    private readonly chats: Conversations,
    private readonly handoff: HandoffQueue
  ) {}

  @Get('queue')
  queue() {
    return this.handoff.stats()
  }

  @Get('conversations')
  conversations(@Query('xpertId') xpertId: string) {
    return this.chats.list(xpertId)
  }

  /** With `count`, answers once that many runs exist or `timeoutMs` (real time) is over, whichever comes first. */
  @Get('runs')
  async runs(
    @Query('xpertId') xpertId?: string,
    @Query('count') count?: string,
    @Query('timeoutMs') timeoutMs?: string
  ): Promise<HostRun[]> {
    const wanted = Number(count ?? 0)
    const until = realNow() + Math.min(Number(timeoutMs ?? 0), LONGEST_WAIT_MS)
    for (;;) {
      const runs = await this.runLog.list(xpertId)
      if (runs.length >= wanted || realNow() >= until) return runs
      await sleep(POLL_MS)
    }
  }
}
