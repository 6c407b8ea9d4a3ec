import { randomUUID } from 'node:crypto'
import { Injectable, Logger } from '@nestjs/common'
import { HandoffQueue, type HandoffMessage } from '../handoff'
import { NOOP_MESSAGE } from './noop.processor'
import type { Xpert } from './xpert.entity'

/**
 * What a trigger may do with the callback of `publish`: enqueue a message of its own, or start the expert with a state.
 * The latter runs as the assistant, in a new conversation each time, and nobody hears its answer.
 */
@Injectable()
export class TriggerCallback {
  private readonly logger = new Logger(TriggerCallback.name)

  constructor(private readonly queue: HandoffQueue) {}

  handle(xpert: Xpert, payload: unknown): void {
    this.dispatch(xpert, payload).catch((error: unknown) =>
      this.logger.error(`Trigger callback failed: ${String(error)}`)
    )
  }

  private async dispatch(xpert: Xpert, payload: unknown): Promise<void> {
    const { handoffMessage, state, from } = (payload ?? {}) as {
      handoffMessage?: HandoffMessage
      state?: { human?: { input?: string } }
      from?: string
    }
    if (handoffMessage) await this.queue.enqueue(handoffMessage)
    else if (state) await this.queue.enqueue(this.message(xpert, state, from))
    else this.logger.warn(`Trigger callback of expert ${xpert.id} has no state`)
  }

  private message(xpert: Xpert, state: { human?: { input?: string } }, from = 'trigger'): HandoffMessage {
    const id = randomUUID()
    return {
      id,
      type: 'agent.chat_dispatch.v1',
      version: 1,
      tenantId: xpert.tenantId,
      sessionKey: id,
      businessKey: id,
      traceId: id,
      attempt: 1,
      maxAttempts: 1,
      enqueuedAt: Date.now(),
      payload: {
        request: { action: 'send', message: { input: state.human ?? { input: '' } }, state },
        options: { xpertId: xpert.id, from, runtimePrincipal: { type: 'assistant', xpertId: xpert.id } },
        callback: { messageType: NOOP_MESSAGE }
      },
      headers: { organizationId: xpert.organizationId ?? undefined, source: 'xpert' }
    }
  }
}
