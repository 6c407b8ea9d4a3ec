import { Injectable } from '@nestjs/common'

/**
 * `fail`: every read fails inside the host, so the plugin gets null or an empty list. `hang`: it waits until the mode
 * changes.
 */
export type IntegrationReadMode = 'ok' | 'fail' | 'hang'

/** The control switch over the plugin's integration reads, for this process. */
@Injectable()
export class IntegrationFaults {
  private mode: IntegrationReadMode = 'ok'
  private waiting: (() => void)[] = []

  set(mode: IntegrationReadMode): void {
    this.mode = mode
    if (mode === 'hang') return
    this.waiting.splice(0).forEach((resume) => resume())
  }

  async apply(): Promise<void> {
    if (this.mode === 'hang') await new Promise<void>((resume) => this.waiting.push(resume))
    if (this.mode === 'fail') throw new Error('integration reads are switched off')
  }
}
