import { Injectable } from '@nestjs/common'
import { PluginConfigReader, RetentionJob, RetentionStep, SingletonJobs } from '../cluster'
import { Clock, Log } from '../shared'
import { InboxRepository } from './inbox.repository'

/** Scrubs old payloads and deletes old rows. */
@Injectable()
export class InboxRetention extends RetentionJob {
  constructor(repository: InboxRepository, jobs: SingletonJobs, config: PluginConfigReader, clock: Clock) {
    const steps: Record<string, RetentionStep> = {
      scrubbed: ({ payloadsBefore }, limit) => repository.scrub(payloadsBefore, limit),
      deleted: ({ rowsBefore }, limit) => repository.deleteOld(rowsBefore, limit)
    }
    super('inbox-retention', steps, jobs, config, clock, new Log('inbox'))
  }
}
