import { Injectable } from '@nestjs/common'
import { RunRows } from '../experts/run-rows'
import { type DispatchFacts, DispatchPlanner, RecordNotFound } from './dispatch-planner'
import type { FollowUpRequest } from './dispatch-payload'

/** host-observed 38. */
export class SteerTargetNotRunning extends Error {
  override readonly name = 'SteerTargetNotRunning'
  readonly code = 'steer_target_not_running'
  constructor() {
    super('The run to steer is not running')
  }
}

/** Stores what a person says while an answer is on its way. Nothing of it runs by itself. */
@Injectable()
export class FollowUps {
  constructor(
    private readonly rows: RunRows,
    private readonly planner: DispatchPlanner
  ) {}

  /** Throws RecordNotFound or, for a steer without a running run, SteerTargetNotRunning. */
  async store(facts: DispatchFacts, request: FollowUpRequest): Promise<void> {
    const conversation = await this.planner.conversation(facts, request.conversationId)
    const targetExecutionId = request.mode === 'steer' ? await this.target(request) : null
    const human = this.rows.newMessage(facts.owner, {
      conversationId: conversation.id,
      role: 'human',
      content: request.message.input.input ?? '',
      clientMessageId: request.message.clientMessageId ?? null,
      followUpMode: request.mode,
      followUpStatus: 'pending',
      targetExecutionId
    })
    await this.rows.save({ human })
  }

  private async target(request: FollowUpRequest): Promise<string> {
    const answer = await this.rows.findAnswer(request.conversationId, request.target)
    if (!answer && request.target) throw new RecordNotFound()
    if (answer?.status !== 'thinking' || !answer.executionId) throw new SteerTargetNotRunning()
    return answer.executionId
  }
}
