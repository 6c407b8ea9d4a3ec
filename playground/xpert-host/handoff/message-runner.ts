import { Injectable, Logger } from '@nestjs/common'
import { ModuleRef } from '@nestjs/core'
import { AgentChatDispatch, AGENT_CHAT_DISPATCH } from './agent-chat-dispatch.processor'
import type { HandoffMessage, HandoffProcessor, ProcessContext, ProcessResult } from './handoff-message'
import { Outbox } from './outbox'
import { HostRequestContext, ProcessorLookup } from './ports'
import type { QueueName } from './queue-names'
import { QueueStore } from './queue-store'
import { RunPolicy, ShutdownAbort, whenAborted } from './run-policy'

type Observer = { ended(result: ProcessResult): void; event(event: unknown): void }

const REQUIRED = ['id', 'type', 'tenantId', 'sessionKey', 'businessKey', 'traceId'] as const
/** host-contract §3.5: what a message without `maxAttempts` may use up. */
const DEFAULT_MAX_ATTEMPTS = 3

/** Processes one message and decides what becomes of it: done, again, or the dead-letter table. */
@Injectable()
export class MessageRunner {
  private readonly logger = new Logger('Handoff')
  private readonly running = new Set<RunPolicy>()
  private readonly observers = new Map<string, Observer>()

  constructor(
    private readonly store: QueueStore,
    private readonly outbox: Outbox,
    private readonly dispatch: AgentChatDispatch,
    private readonly modules: ModuleRef
  ) {}

  /** Tells about the end of the message, should this very process run it. */
  observe(messageId: string, observer: Observer): () => void {
    this.observers.set(messageId, observer)
    return () => this.observers.delete(messageId)
  }

  /** Ends what runs now, without a last word to anybody. */
  loseRuns(): void {
    for (const policy of this.running) policy.abort(new ShutdownAbort())
  }

  /** Never rejects because of the message: only a database that is away makes it. */
  async run(queue: QueueName, message: HandoffMessage): Promise<void> {
    const missing = REQUIRED.filter((field) => !isText(message?.[field]))
    if (missing.length > 0) {
      return this.store.bury(queue, message, `Invalid handoff message: ${missing.join(', ')} is required`)
    }
    const result = await this.process(message)
    this.observers.get(message.id)?.ended(result)
    await this.settle(queue, message, result)
  }

  private async process(message: HandoffMessage): Promise<ProcessResult> {
    const policy = new RunPolicy(message.headers)
    const aborted = whenAborted(policy.signal)
    this.running.add(policy)
    const { organizationId, userId, language } = message.headers ?? {}
    const actor = { tenantId: message.tenantId, organizationId, userId, language }
    try {
      const context = this.modules.get(HostRequestContext, { strict: false })
      const work = context.run(actor, async () =>
        this.processorOf(message).process(message, this.contextOf(message, policy))
      )
      // A dispatch ends by itself, with a last callback; the processor of a plugin may not listen to the signal.
      return await (message.type === AGENT_CHAT_DISPATCH ? work : Promise.race([work, aborted.promise]))
    } catch (error) {
      if (error instanceof ShutdownAbort) return { status: 'dead', reason: error.message }
      this.logger.warn(`${message.type} ${message.id}: ${reasonOf(error)}`)
      return { status: 'retry', delayMs: 0, reason: reasonOf(error) }
    } finally {
      aborted.detach()
      policy.end()
      this.running.delete(policy)
    }
  }

  private processorOf(message: HandoffMessage): HandoffProcessor {
    if (message.type === AGENT_CHAT_DISPATCH) return this.dispatch
    const lookup = this.modules.get(ProcessorLookup, { strict: false })
    const processor = lookup.find(message.type, message.headers?.organizationId)
    if (!processor) throw new Error(`No handoff processor found for type '${message.type}'`)
    return processor
  }

  private contextOf(message: HandoffMessage, policy: RunPolicy): ProcessContext {
    return {
      runId: message.id,
      traceId: message.traceId,
      abortSignal: policy.signal,
      heartbeat: () => policy.heartbeat(),
      getAbortReason: () => (policy.signal.aborted ? reasonOf(policy.signal.reason) : undefined),
      emit: (event) => this.observers.get(message.id)?.event(event)
    }
  }

  private async settle(queue: QueueName, message: HandoffMessage, result: ProcessResult): Promise<void> {
    if (result?.status === 'dead') return this.store.bury(queue, message, result.reason)
    if (result?.status === 'retry') return this.retry(queue, message, result)
    await Promise.all((result?.outbound ?? []).map((outbound) => this.outbox.put(outbound)))
  }

  private async retry(
    queue: QueueName,
    message: HandoffMessage,
    result: { delayMs: number; reason?: string }
  ): Promise<void> {
    const attempt = message.attempt ?? 1
    if (attempt >= (message.maxAttempts ?? DEFAULT_MAX_ATTEMPTS)) {
      return this.store.bury(queue, message, result.reason ?? 'Max attempts exceeded')
    }
    await this.outbox.put({ ...message, attempt: attempt + 1 }, { delayMs: result.delayMs })
    if (result.delayMs > 0) this.store.wakeIn(queue, result.delayMs)
  }
}

const isText = (value: unknown): boolean => typeof value === 'string' && value.trim() !== ''

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
