import { Injectable, SetMetadata } from '@nestjs/common'
import type { HandoffProcessor, ProcessResult } from '../handoff'

export const NOOP_MESSAGE = 'host.noop.v1'

/** Takes the callbacks of a run whose answer nobody waits for. */
@Injectable()
@SetMetadata('HANDOFF_PROCESSOR_STRATEGY', NOOP_MESSAGE)
export class NoopProcessor implements HandoffProcessor {
  async process(): Promise<ProcessResult> {
    return { status: 'ok' }
  }
}
