import { Injectable, Logger } from '@nestjs/common'
import { describeFile } from '../workspace/run-files'
import { AgentRun } from '../experts/agent-run'
import { RunRows } from '../experts/run-rows'
import type { CallbackPublisher } from './callback-publisher'
import type { DispatchFacts, RunPlan } from './dispatch-planner'
import type { ProcessContext } from './handoff-message'
import { HandoffSettings } from './handoff-options'
import { RunLog } from './run-log'
import type { RunRecord } from './run-record.entity'
import { ShutdownAbort } from './run-policy'
import { DispatchCanceled, type RunningRun } from './running-runs'

/** Runs a plan and keeps its record, whatever its end. */
@Injectable()
export class RunJournal {
  private readonly logger = new Logger('Handoff')

  constructor(
    private readonly settings: HandoffSettings,
    private readonly rows: RunRows,
    private readonly log: RunLog
  ) {}

  /** Throws what aborted the dispatch; every other end is an event of the run. */
  async keep(
    facts: DispatchFacts,
    plan: RunPlan,
    running: RunningRun,
    ctx: ProcessContext,
    publisher: CallbackPublisher
  ): Promise<void> {
    running.executionId = plan.rows.execution.id
    const recordId = await this.log.started({ ...recordOf(facts, plan), instance: this.settings.instance })
    const signal = AbortSignal.any([ctx.abortSignal, running.signal])
    try {
      const end = await new AgentRun({ ...plan, signal, heartbeat: () => ctx.heartbeat() }, this.rows, publisher).run()
      await this.log.update(recordId, {
        status: end.status,
        error: 'error' in end ? end.error : null,
        endedAt: new Date()
      })
    } catch (error) {
      // The reason decides what becomes of the dispatch, also when the database is away and the record stays open.
      await this.aborted(recordId, plan, error).catch((failure) =>
        this.logger.warn(`run ${facts.message.id}: ${String(failure)}`)
      )
      throw error
    }
  }

  /** A process that goes down leaves its rows as they are. */
  private async aborted(recordId: string, plan: RunPlan, reason: unknown): Promise<void> {
    const error = reason instanceof Error ? reason.message : String(reason)
    const endedAt = new Date()
    if (reason instanceof ShutdownAbort) return this.log.update(recordId, { status: 'lost', error, endedAt })
    const { conversation, execution, ai } = plan.rows
    Object.assign(conversation, { status: 'error', error })
    Object.assign(execution, { status: 'error', error })
    Object.assign(ai, { status: 'aborted', error })
    await this.rows.save({ conversation, execution, ai })
    await this.log.update(recordId, {
      status: reason instanceof DispatchCanceled ? 'canceled' : 'error',
      error,
      endedAt
    })
  }
}

function recordOf(
  { message, payload, expert }: DispatchFacts,
  plan: RunPlan
): Omit<RunRecord, 'recordId' | 'endedAt' | 'status' | 'error' | 'instance'> {
  const { request } = payload
  const { conversation, execution } = plan.rows
  return {
    runId: message.id,
    xpertId: expert.id,
    action: request.action,
    conversationId: conversation.id,
    executionId: execution.id,
    input: execution.input,
    files: plan.files?.length ? plan.files.map(describeFile) : null,
    startedAt: new Date(),
    options: payload.options,
    headers: message.headers ?? {}
  }
}
