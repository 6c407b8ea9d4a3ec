import { Injectable } from '@nestjs/common'

export interface CancelTarget {
  conversationId?: string
  threadId?: string
  executionId?: string
}

export interface CancelScope {
  tenantId?: string
  organizationId?: string
}

@Injectable()
export class CancelConversation {
  async execute(_target: CancelTarget, _scope: CancelScope = {}): Promise<{ canceledExecutionIds: string[] }> {
    return { canceledExecutionIds: [] }
  }
}
