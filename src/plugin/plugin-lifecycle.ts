import { Injectable } from '@nestjs/common'
import { InstanceIdentity } from '../cluster'
import { IntegrationChanges } from '../settings'
import { Log, within } from '../shared'
import { BackgroundParts, ChangeListeners } from './background-parts'
import { PluginRelease } from './plugin-release'

/** The host leaves a stopping plugin about 6 s (host-observed 34). */
const STOP_MS = 5_000

/**
 * Starts what runs by itself in order, so that nothing is received before it can be worked on, and stops all of it at once:
 * what is received meanwhile waits in its row for another instance, and a part that does not end is left behind. Both are idempotent, and
 * a part that fails never takes the host or another part down.
 */
@Injectable()
export class PluginLifecycle {
  private readonly log = new Log('plugin')
  private phase: 'idle' | 'started' | 'stopped' = 'idle'

  constructor(
    private readonly background: BackgroundParts,
    changes: IntegrationChanges,
    listeners: ChangeListeners,
    private readonly release: PluginRelease,
    private readonly identity: InstanceIdentity
  ) {
    for (const listener of listeners.all) changes.listen(listener)
  }

  async start(): Promise<void> {
    if (this.phase !== 'idle') return
    this.phase = 'started'
    this.log.info('the plugin starts', { version: this.release.version, instance: this.identity.id })
    for (const { name, part } of this.background.inOrder) {
      if (this.isStopped()) return
      await this.guard(name, () => part.start?.())
    }
  }

  async stop(): Promise<void> {
    if (this.phase !== 'started') return
    this.phase = 'stopped'
    await Promise.all(
      this.background.inOrder.map(({ name, part }) =>
        within(
          STOP_MS,
          this.guard(name, () => part.stop())
        )
      )
    )
  }

  private isStopped(): boolean {
    return this.phase === 'stopped'
  }

  private async guard(name: string, step: () => void | Promise<void>): Promise<void> {
    try {
      await step()
    } catch (error) {
      this.log.error('a part could not start or stop', { part: name }, error)
    }
  }
}
