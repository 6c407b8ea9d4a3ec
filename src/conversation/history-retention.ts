import { Injectable } from '@nestjs/common'
import { PluginConfigReader, RetentionJob, RetentionStep, SingletonJobs } from '../cluster'
import { ReplyLedger } from '../reply'
import { Clock, Log } from '../shared'
import { HistoryRepository } from './history.repository'

/** Scrubs what people asked and read, and deletes ended turns, their replies, closed sessions, and counts of bots. */
@Injectable()
export class HistoryRetention extends RetentionJob {
  constructor(
    history: HistoryRepository,
    ledger: ReplyLedger,
    jobs: SingletonJobs,
    config: PluginConfigReader,
    clock: Clock
  ) {
    const steps: Record<string, RetentionStep> = {
      scrubbedTurns: ({ payloadsBefore }, limit) => history.scrubTurns(payloadsBefore, limit),
      scrubbedReplies: ({ payloadsBefore }, limit) => ledger.scrub(payloadsBefore, limit),
      deletedTurns: ({ rowsBefore }, limit) =>
        history.deleteTurns(rowsBefore, limit, (manager, turnIds) => ledger.remove(manager, turnIds)),
      deletedSessions: ({ rowsBefore }, limit) => history.deleteSessions(rowsBefore, limit),
      deletedBotTalks: ({ rowsBefore }, limit) => history.deleteBotTalks(rowsBefore, limit)
    }
    super('history-retention', steps, jobs, config, clock, new Log('conversation'))
  }
}
