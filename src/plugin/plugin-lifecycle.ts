import { Injectable } from '@nestjs/common'
import { InstanceRegistry } from '../cluster'
import { RunFollower, SessionCleanup, TurnWatch } from '../conversation'
import { Directory } from '../directory'
import { InboxWorker } from '../inbox'
import { ConnectionManager } from '../long-connection'
import { IntegrationChanges } from '../settings'
import { Log, messageOf } from '../shared'
import { BindingEventTarget } from '../trigger'

interface Part {
  name: string
  start?(): void | Promise<void>
  stop(): void | Promise<void>
}

/**
 * Starts and stops what runs by itself, in order: nothing is received before it can be worked on, and nothing new is
 * received while work ends. Both are idempotent, and a part that fails never takes the host or another part down.
 */
@Injectable()
export class PluginLifecycle {
  private readonly log = new Log('plugin')
  private readonly parts: Part[]
  private phase: 'idle' | 'started' | 'stopped' = 'idle'

  constructor(background: BackgroundParts, changes: IntegrationChanges, listeners: ChangeListeners) {
    this.parts = background.inOrder()
    for (const listener of listeners.all()) changes.listen(listener)
  }

  async start(): Promise<void> {
    if (this.phase !== 'idle') return
    this.phase = 'started'
    for (const part of this.parts) await this.guard(part.name, () => part.start?.())
  }

  async stop(): Promise<void> {
    if (this.phase !== 'started') return
    this.phase = 'stopped'
    for (const part of [...this.parts].reverse()) await this.guard(part.name, () => part.stop())
  }

  private async guard(name: string, step: () => void | Promise<void>): Promise<void> {
    try {
      await step()
    } catch (error) {
      this.log.error(`${name} failed: ${messageOf(error)}`)
    }
  }
}

@Injectable()
export class BackgroundParts {
  constructor(
    private readonly instances: InstanceRegistry,
    private readonly follower: RunFollower,
    private readonly watch: TurnWatch,
    private readonly worker: InboxWorker,
    private readonly connections: ConnectionManager
  ) {}

  inOrder(): Part[] {
    return [
      { name: 'instance registry', start: () => this.instances.start(), stop: () => this.instances.stop() },
      { name: 'run follower', stop: () => this.follower.stop() },
      { name: 'turn watch', start: () => this.watch.start(), stop: () => this.watch.stop() },
      { name: 'inbox worker', start: () => this.worker.start(), stop: () => this.worker.stop() },
      { name: 'long connections', start: () => this.connections.start(), stop: () => this.connections.stop() }
    ]
  }
}

@Injectable()
export class ChangeListeners {
  constructor(
    private readonly target: BindingEventTarget,
    private readonly connections: ConnectionManager,
    private readonly sessions: SessionCleanup,
    private readonly directory: Directory
  ) {}

  all() {
    return [this.target, this.connections, this.sessions, this.directory]
  }
}
