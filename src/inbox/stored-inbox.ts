import { Injectable } from '@nestjs/common'
import { Clock } from '../shared'
import { AcceptQueue } from './accept-queue'
import { Inbox, NewInboundEvent } from './inbox'
import { InboxWorker } from './inbox-worker'
import { InboxRepository } from './inbox.repository'

@Injectable()
export class StoredInbox extends Inbox {
  private readonly queue: AcceptQueue

  constructor(
    repository: InboxRepository,
    private readonly worker: InboxWorker,
    private readonly clock: Clock
  ) {
    super()
    this.queue = new AcceptQueue((events) => repository.insertAll(events))
  }

  async accept(event: NewInboundEvent): Promise<'accepted' | 'duplicate'> {
    const isNew = await this.queue.accept({ event, receivedAt: this.clock.now() })
    if (isNew) this.worker.wake()
    return isNew ? 'accepted' : 'duplicate'
  }
}
