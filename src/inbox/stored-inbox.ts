import { Injectable } from '@nestjs/common'
import { Clock } from '../shared'
import { Inbox, NewInboundEvent } from './inbox'
import { InboxRepository } from './inbox.repository'
import { InboxWorker } from './inbox-worker'

@Injectable()
export class StoredInbox extends Inbox {
  constructor(
    private readonly repository: InboxRepository,
    private readonly worker: InboxWorker,
    private readonly clock: Clock
  ) {
    super()
  }

  async accept(event: NewInboundEvent): Promise<'accepted' | 'duplicate'> {
    const isNew = await this.repository.insert(event, this.clock.now())
    if (isNew) this.worker.wake()
    return isNew ? 'accepted' : 'duplicate'
  }
}
