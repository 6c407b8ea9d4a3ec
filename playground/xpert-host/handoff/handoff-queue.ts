import { Injectable } from '@nestjs/common'
import type { EnqueueAndWaitOptions, EnqueueOptions, HandoffMessage, ProcessResult } from './handoff-message'

export interface QueueStats {
  queue: string
  waiting: number
  running: number
  dead: number
}

@Injectable()
export class HandoffQueue {
  async enqueue(_message: HandoffMessage, _options: EnqueueOptions = {}): Promise<{ id: string }> {
    throw new Error('not built yet')
  }

  async enqueueAndWait(_message: HandoffMessage, _options: EnqueueAndWaitOptions = {}): Promise<ProcessResult> {
    throw new Error('not built yet')
  }

  async stats(): Promise<QueueStats[]> {
    return []
  }

  async onShutdown(_signal?: string): Promise<void> {}
}
