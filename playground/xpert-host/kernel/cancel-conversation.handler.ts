import { BadRequestException } from '@nestjs/common'
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { CancelConversation, type CancelTarget } from '../handoff'
import { requestScope } from './request-scope'

/** The host's command; a plugin's own class with the same `__command__` id reaches the same handler. */
export class CancelConversationCommand {
  constructor(readonly input: CancelTarget) {}
}
Reflect.defineMetadata('__command__', { id: '[Chat Conversation] Cancel' }, CancelConversationCommand)

/** Refused outside the host's request context: the conversation is looked for in its tenant and organisation. */
@CommandHandler(CancelConversationCommand)
export class CancelConversationHandler implements ICommandHandler<CancelConversationCommand> {
  constructor(private readonly conversations: CancelConversation) {}

  async execute(command: CancelConversationCommand): Promise<{ canceledExecutionIds: string[] }> {
    const scope = requestScope()
    if (!scope?.tenantId) throw new BadRequestException('Tenant scope is required.')
    return this.conversations.execute(command.input, { tenantId: scope.tenantId, organizationId: scope.organizationId })
  }
}
