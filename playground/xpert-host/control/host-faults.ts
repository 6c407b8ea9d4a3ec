import { Injectable } from '@nestjs/common'

/** What of the host can be made to fail for the plugin. */
export const FAULTY_SERVICES = ['integration-reads', 'handoff-enqueues', 'workspace-files'] as const
export type FaultyService = (typeof FAULTY_SERVICES)[number]

/** `fail`: every call fails inside the host. `hang`: it waits until the mode changes. */
export const FAULT_MODES = ['ok', 'fail', 'hang'] as const
export type FaultMode = (typeof FAULT_MODES)[number]

/** The control switches over services that the plugin calls, for this process. */
@Injectable()
export class HostFaults {
  private readonly modes = new Map<FaultyService, FaultMode>()
  private readonly waiting = new Map<FaultyService, (() => void)[]>()

  set(service: FaultyService, mode: FaultMode): void {
    this.modes.set(service, mode)
    if (mode === 'hang') return
    const waiting = this.waiting.get(service) ?? []
    this.waiting.delete(service)
    for (const resume of waiting) resume()
  }

  async apply(service: FaultyService): Promise<void> {
    if (this.modes.get(service) === 'hang') await new Promise<void>((resume) => this.wait(service, resume))
    if (this.modes.get(service) === 'fail') throw new Error(`${service} are switched off`)
  }

  private wait(service: FaultyService, resume: () => void): void {
    this.waiting.set(service, [...(this.waiting.get(service) ?? []), resume])
  }
}
