import { Injectable } from '@nestjs/common'
import { InstanceRegistry } from '../cluster'
import { HistoryRetention, RunFollower, SessionCleanup, TurnWatch } from '../conversation'
import { Directory, DirectoryRead, Identities, PeopleRetention } from '../directory'
import { InboxRetention, InboxWorker } from '../inbox'
import { ConnectionManager } from '../long-connection'
import { IntegrationChanges, IntegrationListener, RemovedIntegrations } from '../settings'
import { BindingEventTarget, FormerBindings } from '../trigger'

export interface BackgroundPart {
  name: string
  start?(): void | Promise<void>
  stop(): void | Promise<void>
}

/** What is not kept for ever, each kind by its own job. */
@Injectable()
export class RetentionParts {
  constructor(
    private readonly history: HistoryRetention,
    private readonly people: PeopleRetention,
    private readonly inbox: InboxRetention
  ) {}

  inOrder(): BackgroundPart[] {
    return [
      { name: 'history retention', start: () => this.history.start(), stop: () => this.history.stop() },
      { name: 'people retention', start: () => this.people.start(), stop: () => this.people.stop() },
      { name: 'inbox retention', start: () => this.inbox.start(), stop: () => this.inbox.stop() }
    ]
  }
}

/** What must run before anything is received. */
@Injectable()
export class FirstParts {
  constructor(
    private readonly instances: InstanceRegistry,
    private readonly changes: IntegrationChanges,
    private readonly formerBindings: FormerBindings,
    private readonly directoryRead: DirectoryRead,
    private readonly removed: RemovedIntegrations
  ) {}

  inOrder(): BackgroundPart[] {
    return [
      { name: 'instance registry', start: () => this.instances.start(), stop: () => this.instances.stop() },
      { name: 'former bindings', start: () => this.formerBindings.start(), stop: () => this.formerBindings.stop() },
      { name: 'integration changes', start: () => this.changes.start(), stop: () => this.changes.stop() },
      { name: 'removed integrations', start: () => this.removed.start(), stop: () => this.removed.stop() },
      { name: 'directory read', start: () => this.directoryRead.start(), stop: () => this.directoryRead.stop() }
    ]
  }
}

@Injectable()
export class BackgroundParts {
  constructor(
    private readonly follower: RunFollower,
    private readonly watch: TurnWatch,
    private readonly worker: InboxWorker,
    private readonly retention: RetentionParts,
    private readonly connections: ConnectionManager,
    private readonly firstParts: FirstParts
  ) {}

  inOrder(): BackgroundPart[] {
    return [
      ...this.firstParts.inOrder(),
      { name: 'run follower', stop: () => this.follower.stop() },
      { name: 'turn watch', start: () => this.watch.start(), stop: () => this.watch.stop() },
      ...this.retention.inOrder(),
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
    private readonly directory: Directory,
    private readonly directoryRead: DirectoryRead,
    private readonly identities: Identities
  ) {}

  all(): IntegrationListener[] {
    return [this.target, this.connections, this.sessions, this.directory, this.directoryRead, this.identities]
  }
}
