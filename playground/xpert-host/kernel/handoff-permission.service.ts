import { Injectable } from '@nestjs/common'
import { HostFaults } from '../control/host-faults'
import {
  HandoffQueue,
  type EnqueueAndWaitOptions,
  type EnqueueOptions,
  type HandoffMessage,
  type ProcessResult
} from '../handoff'
import { PermissionOperation } from '../plugin/permission-handlers'

/** `HANDOFF_PERMISSION_SERVICE_TOKEN` (host-contract 2.2). Checked operations: `enqueue` and `wait`. */
@Injectable()
export class HandoffPermissionService {
  constructor(
    private readonly queue: HandoffQueue,
    private readonly faults: HostFaults
  ) {}

  @PermissionOperation('enqueue')
  async enqueue(message: HandoffMessage, options?: EnqueueOptions): Promise<{ id: string }> {
    await this.faults.apply('handoff-enqueues')
    return this.queue.enqueue(message, options)
  }

  @PermissionOperation('wait')
  enqueueAndWait(message: HandoffMessage, options?: EnqueueAndWaitOptions): Promise<ProcessResult> {
    return this.queue.enqueueAndWait(message, options)
  }
}
