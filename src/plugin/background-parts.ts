import { Injectable } from '@nestjs/common'
import { InstanceRegistry } from '../cluster'
import { RunFollower, SessionCleanup, TurnWatch } from '../conversation'
import { Directory } from '../directory'
import { InboxRetention, InboxWorker } from '../inbox'
import { ConnectionManager } from '../long-connection'
import { IntegrationListener } from '../settings'
import { BindingEventTarget } from '../trigger'

export interface BackgroundPart {
  name: string
  start?(): void | Promise<void>
  stop(): void | Promise<void>
}

@Injectable()
export class BackgroundParts {
  constructor(
    private readonly instances: InstanceRegistry,
    private readonly follower: RunFollower,
    private readonly watch: TurnWatch,
    private readonly worker: InboxWorker,
    private readonly retention: InboxRetention,
    private readonly connections: ConnectionManager
  ) {}

  inOrder(): BackgroundPart[] {
    return [
      { name: 'instance registry', start: () => this.instances.start(), stop: () => this.instances.stop() },
      { name: 'run follower', stop: () => this.follower.stop() },
      { name: 'turn watch', start: () => this.watch.start(), stop: () => this.watch.stop() },
      { name: 'inbox retention', start: () => this.retention.start(), stop: () => this.retention.stop() },
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

  all(): IntegrationListener[] {
    return [this.target, this.connections, this.sessions, this.directory]
  }
}
