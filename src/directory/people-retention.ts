import { Injectable } from '@nestjs/common'
import { PluginConfigReader, RetentionJob, RetentionStep, SingletonJobs } from '../cluster'
import { Clock, Log } from '../shared'
import { UnseenPeople } from './unseen-people'

/** Deletes people who were not seen for as long as rows are kept, and their direct chats. */
@Injectable()
export class PeopleRetention extends RetentionJob {
  constructor(unseen: UnseenPeople, jobs: SingletonJobs, config: PluginConfigReader, clock: Clock) {
    const steps: Record<string, RetentionStep> = {
      deletedPeople: ({ rowsBefore }, limit) => unseen.removePeople(rowsBefore, limit),
      deletedDirectChats: ({ rowsBefore }, limit) => unseen.removeDirectChats(rowsBefore, limit)
    }
    super('people-retention', steps, jobs, config, clock, new Log('directory'))
  }
}
