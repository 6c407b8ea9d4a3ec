import { Provider, Type } from '@nestjs/common'
import { InstanceRegistry } from '../cluster'
import { HistoryRetention, Preparations, RunFollower, SessionCleanup, TurnWatch } from '../conversation'
import { Directory, DirectoryRead, Identities, PeopleRetention } from '../directory'
import { InboxRetention, InboxWorker } from '../inbox'
import { ConnectionManager } from '../long-connection'
import { IntegrationChanges, IntegrationListener, RemovedIntegrations } from '../settings'
import { BindingEventTarget, FormerBindings } from '../trigger'

/** Something that runs by itself. */
export interface BackgroundPart {
  start?(): void | Promise<void>
  stop(): void | Promise<void>
}

/** In the order in which they start, so that nothing is received before it can be worked on; the names are for the log. */
const PARTS: readonly [name: string, part: Type<BackgroundPart>][] = [
  ['instance registry', InstanceRegistry],
  ['former bindings', FormerBindings],
  ['integration changes', IntegrationChanges],
  ['removed integrations', RemovedIntegrations],
  ['directory read', DirectoryRead],
  ['run follower', RunFollower],
  ['turn watch', TurnWatch],
  ['preparations', Preparations],
  ['history retention', HistoryRetention],
  ['people retention', PeopleRetention],
  ['inbox retention', InboxRetention],
  ['inbox worker', InboxWorker],
  ['long connections', ConnectionManager]
]

const LISTENERS: readonly Type<IntegrationListener>[] = [
  BindingEventTarget,
  ConnectionManager,
  SessionCleanup,
  Directory,
  DirectoryRead,
  Identities
]

export class BackgroundParts {
  constructor(readonly inOrder: readonly { name: string; part: BackgroundPart }[]) {}
}

export class ChangeListeners {
  constructor(readonly all: readonly IntegrationListener[]) {}
}

export const backgroundProviders: Provider[] = [
  {
    provide: BackgroundParts,
    inject: PARTS.map(([, type]) => type),
    useFactory: (...parts: BackgroundPart[]) =>
      new BackgroundParts(parts.map((part, place) => ({ name: PARTS[place]![0], part })))
  },
  {
    provide: ChangeListeners,
    inject: [...LISTENERS],
    useFactory: (...all: IntegrationListener[]) => new ChangeListeners(all)
  }
]
