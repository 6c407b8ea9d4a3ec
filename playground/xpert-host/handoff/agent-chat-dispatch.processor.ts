import { Injectable } from '@nestjs/common'
import { ModuleRef } from '@nestjs/core'
import { type CallbackPublisher, CallbackPublishers } from './callback-publisher'
import { type DispatchPayload, parseDispatch } from './dispatch-payload'
import { type DispatchFacts, DispatchPlanner, RecordNotFound, type RunPlan } from './dispatch-planner'
import { FollowUps, SteerTargetNotRunning } from './follow-ups'
import type { HandoffMessage, HandoffProcessor, ProcessContext, ProcessResult } from './handoff-message'
import { ExpertSource } from './ports'
import { RunJournal } from './run-journal'
import { ShutdownAbort } from './run-policy'
import { DispatchCanceled, type RunningRun, RunningRuns } from './running-runs'

export const AGENT_CHAT_DISPATCH = 'agent.chat_dispatch.v1'

/**
 * The host's own processor: runs an expert and tells the sender, one queue message per event. It returns `dead` on
 * errors, so the queue never repeats a run because of them (host-contract §4.3).
 */
@Injectable()
export class AgentChatDispatch implements HandoffProcessor {
  constructor(
    private readonly publishers: CallbackPublishers,
    private readonly planner: DispatchPlanner,
    private readonly followUps: FollowUps,
    private readonly running: RunningRuns,
    private readonly journal: RunJournal,
    private readonly modules: ModuleRef
  ) {}

  async process(message: HandoffMessage, ctx: ProcessContext): Promise<ProcessResult> {
    const payload = parseDispatch(message)
    if ('invalid' in payload)
      return { status: 'dead', reason: `Invalid agent chat dispatch payload: ${payload.invalid}` }
    const publisher = this.publishers.open(message, payload.callback)
    const running = this.running.open(message.tenantId, payload.executionId)
    try {
      await this.dispatch(message, payload, running, publisher, ctx)
      await publisher.complete()
      return { status: 'ok' }
    } catch (error) {
      if (error instanceof ShutdownAbort) {
        await publisher.end().catch(() => undefined)
        throw error
      }
      const text = textOf(error, ctx)
      await publisher.error(text, error instanceof SteerTargetNotRunning ? error.code : undefined)
      return { status: 'dead', reason: text }
    } finally {
      this.running.close(running)
    }
  }

  private async dispatch(
    message: HandoffMessage,
    payload: DispatchPayload,
    running: RunningRun,
    publisher: CallbackPublisher,
    ctx: ProcessContext
  ): Promise<void> {
    const facts = await this.facts(message, payload)
    const { request } = payload
    if (request.action === 'follow_up') return this.followUps.store(facts, request)
    const plan = await this.plan(facts)
    await this.journal.keep(facts, plan, running, ctx, publisher)
  }

  private plan(facts: DispatchFacts): Promise<RunPlan> {
    const { request } = facts.payload
    if (request.action === 'resume') return this.planner.resume(facts, request)
    if (request.action === 'retry') return this.planner.retry(facts, request)
    if (request.action === 'send') return this.planner.send(facts, request)
    throw new Error(`Unknown action '${request.action}'`)
  }

  /** Who runs which expert (host-contract §4.2, host-observed 17). */
  private async facts(message: HandoffMessage, payload: DispatchPayload): Promise<DispatchFacts> {
    const { xpertId, runtimePrincipal } = payload.options
    const { organizationId, userId } = message.headers ?? {}
    const asAssistant = runtimePrincipal?.type === 'assistant'
    if (runtimePrincipal && !asAssistant)
      throw new Error(`Unsupported runtime principal type: ${runtimePrincipal.type}`)
    if (!asAssistant && (!organizationId || !userId)) throw new Error('Access denied to workspace')
    const experts = this.modules.get(ExpertSource, { strict: false })
    const expert = await experts.find(xpertId, message.tenantId, asAssistant ? undefined : organizationId)
    if (!expert || expert.tenantId !== message.tenantId) throw new RecordNotFound()
    if (!asAssistant && expert.organizationId !== organizationId) throw new RecordNotFound()
    const createdById = (asAssistant ? expert.userId : userId) ?? null
    return {
      message,
      payload,
      expert,
      owner: { tenantId: message.tenantId, organizationId: expert.organizationId || null, createdById }
    }
  }
}

function textOf(error: unknown, ctx: ProcessContext): string {
  const text = error instanceof Error ? error.message : String(error)
  const aborted = ctx.abortSignal.aborted || error instanceof DispatchCanceled
  return aborted ? `Agent chat dispatch aborted: ${text}` : text
}
