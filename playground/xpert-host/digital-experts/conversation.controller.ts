import {
  BadRequestException,
  Controller,
  Delete,
  HttpCode,
  NotFoundException,
  Param,
  ParseUUIDPipe
} from '@nestjs/common'
import { Permissions } from '../auth/auth.guard'
import { Conversations } from '../handoff'
import { requestScope } from '../kernel/request-scope'

@Controller('chat-conversation')
@Permissions('XPERT_EDIT')
export class ConversationController {
  constructor(private readonly conversations: Conversations) {}

  @Delete(':id')
  @HttpCode(202)
  async delete(@Param('id', ParseUUIDPipe) id: string): Promise<void> {
    const { tenantId, organizationId = null } = requestScope() ?? {}
    if (!tenantId) throw new BadRequestException('Tenant scope is required.')
    const isDeleted = await this.conversations.delete(id, { tenantId, organizationId })
    if (!isDeleted) throw new NotFoundException('The requested record was not found')
  }
}
