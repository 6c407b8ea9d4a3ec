import { Injectable } from '@nestjs/common'
import { Clock } from '../shared'
import { InboxWorker } from './inbox-worker'
import { InboxRepository, Repetition } from './inbox.repository'

/** A failed event that an admin wants to be handled again. */
@Injectable()
export class InboxRepetition {
  constructor(
    private readonly repository: InboxRepository,
    private readonly worker: InboxWorker,
    private readonly clock: Clock
  ) {}

  async repeat(integrationId: string, id: string): Promise<Repetition> {
    const repetition = await this.repository.repeat(integrationId, id, this.clock.now())
    if (repetition === 'accepted') this.worker.wake()
    return repetition
  }
}
