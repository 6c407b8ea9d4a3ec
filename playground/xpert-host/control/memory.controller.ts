import { Controller, Get } from '@nestjs/common'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Public } from '../auth/auth.guard'

@Public()
@Controller('_control/memory')
export class MemoryController {
  private collect: (() => void) | undefined

  /** What this process holds on to: bytes, measured after a collection, so garbage does not count, and what keeps it alive. */
  @Get()
  read() {
    this.collect ??= collector()
    this.collect()
    const { heapUsed, external, rss } = process.memoryUsage()
    return { heapUsed, external, rss, resources: process.getActiveResourcesInfo().length }
  }
}

/**
 * V8 hands the function out to a context that is made after the flag is set. Code that was not used for a while stays: its
 * coming and going would hide what a request leaves behind.
 */
function collector(): () => void {
  setFlagsFromString('--no-flush-bytecode')
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}
