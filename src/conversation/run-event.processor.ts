import { Injectable } from '@nestjs/common'
import {
  HandoffMessage,
  HandoffProcessor,
  HandoffProcessorStrategy,
  parseRunCallback,
  ProcessResult,
  RunCallback
} from '../host'
import { isUuid, Log, textOf } from '../shared'
import { RUN_EVENT_TYPE } from './run-dispatcher'
import { RunEventIntake } from './run-event.intake'
import { RunFollower } from './run-follower'

/** Milliseconds before a callback that could not be stored comes again, by attempt. */
const RETRY_MS = [2_000, 8_000, 30_000, 60_000]

/** Stores every event of a run as it comes: one queue message per event, in any order, on any instance. */
@Injectable()
@HandoffProcessorStrategy(RUN_EVENT_TYPE)
export class LarkRunEventProcessor implements HandoffProcessor {
  private readonly log = new Log('conversation')

  constructor(
    private readonly intake: RunEventIntake,
    private readonly follower: RunFollower
  ) {}

  async process(message: HandoffMessage): Promise<ProcessResult> {
    let callback: RunCallback
    try {
      callback = parseRunCallback(message)
    } catch (error) {
      this.log.warn('a run callback can not be read', { message: message.id }, error)
      return { status: 'dead', reason: 'invalid run callback' }
    }
    const turnId = textOf(callback.context['turnId'])
    if (!turnId || !isUuid(turnId) || !isUuid(callback.attempt))
      return { status: 'dead', reason: 'not a run of this plugin' }
    try {
      await this.intake.store(turnId, callback)
    } catch (error) {
      const delayMs = RETRY_MS[Math.min(message.attempt, RETRY_MS.length) - 1] ?? RETRY_MS[0]!
      this.log.warn('a run event could not be stored', { turn: turnId, sequence: callback.sequence }, error)
      return { status: 'retry', delayMs, reason: 'run event not stored' }
    }
    this.follower.heard(turnId, callback)
    return { status: 'ok' }
  }
}
