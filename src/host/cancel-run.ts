import { CommandBus } from '@nestjs/cqrs'
import { Injectable } from '@nestjs/common'
import { messageOf } from '../shared'
import { HandoffMessage, handoffMessage } from './handoff-message'
import { HostContext, HostUnavailableError } from './host-context'

export interface CancelTarget {
  /** Our own, given with the dispatch: reaches a run before its first event, and a dispatch that still waits (host-observed 41). */
  executionId: string
  conversationId?: string
}

/** Old SDKs lack the host's class; its command bus finds the handler by this id alone (host-contract §4.6). */
class CancelConversationCommand {
  constructor(readonly input: CancelTarget) {}
}
Reflect.defineMetadata('__command__', { id: '[Chat Conversation] Cancel' }, CancelConversationCommand)

/** Another queue than runs and their callbacks: a cancel waits for neither. */
const CANCEL_QUEUE = 'default'

export interface CancelInput {
  messageType: string
  tenantId: string
  organizationId: string | null
  payload: { turnId: string; attempt: string } & CancelTarget
}

/**
 * A message to ourselves: the host's cancel looks for the conversation in the tenant and organisation of its own request
 * context, which only its handoff workers have (host-contract §4.6, §5).
 */
export const cancelMessage = (input: CancelInput, id: string, now: Date): HandoffMessage<CancelInput['payload']> => {
  const { messageType: type, payload, ...scope } = input
  return handoffMessage(
    { ...scope, id, type, key: payload.attempt, traceId: payload.attempt, queue: CANCEL_QUEUE, payload },
    now
  )
}

/** Ends a run of the host, on whichever instance it runs. Works inside a handoff message only. */
@Injectable()
export class RunCancel {
  constructor(private readonly context: HostContext) {}

  /** Throws `HostUnavailableError` when nobody can say whether it was cancelled. Cancelling what has ended changes nothing. */
  async execute({ executionId, conversationId }: CancelTarget): Promise<void> {
    try {
      const bus = this.context.resolve<CommandBus>(CommandBus)
      await bus.execute(new CancelConversationCommand({ executionId, ...(conversationId ? { conversationId } : {}) }))
    } catch (error) {
      throw new HostUnavailableError(`cancel command (${messageOf(error)})`, error)
    }
  }
}
