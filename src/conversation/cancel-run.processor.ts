import { Injectable } from '@nestjs/common'
import { HandoffMessage, HandoffProcessor, HandoffProcessorStrategy, ProcessResult, RunCancel } from '../host'
import { isUuid, Log, objectOf, textOf } from '../shared'
import { AttemptRepository } from './attempt.repository'
import { CANCEL_RUN_TYPE } from './run-dispatcher'
import { RunFollower } from './run-follower'
import { CANCEL_SECONDS } from './turn-row'

const RETRY_MS = 1_000

/** Cancels a run of the host from where it can be done: inside a handoff message (host-contract §4.6). */
@Injectable()
@HandoffProcessorStrategy(CANCEL_RUN_TYPE)
export class LarkCancelRunProcessor implements HandoffProcessor {
  private readonly log = new Log('conversation')

  constructor(
    private readonly runs: RunCancel,
    private readonly attempts: AttemptRepository,
    private readonly follower: RunFollower
  ) {}

  async process(message: HandoffMessage): Promise<ProcessResult> {
    const payload = objectOf(message.payload)
    const [turnId, attempt, executionId] = [payload['turnId'], payload['attempt'], payload['executionId']].map(textOf)
    if (!turnId || !attempt || !executionId || ![turnId, attempt].every(isUuid))
      return { status: 'dead', reason: 'not a run of this plugin' }
    try {
      await this.runs.execute({ executionId, conversationId: textOf(payload['conversationId']) })
      await this.attempts.noteCancelled({ id: turnId, attempt })
    } catch (error) {
      this.log.warn('a run could not be cancelled yet', { turn: turnId }, error)
      return { status: 'retry', delayMs: RETRY_MS, reason: 'not cancelled' }
    }
    this.follower.wakeIn(turnId, attempt, CANCEL_SECONDS * 1000)
    return { status: 'ok' }
  }
}
