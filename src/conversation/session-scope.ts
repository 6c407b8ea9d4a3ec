/** The conversation that a message belongs to. */
export interface SessionScope {
  integrationId: string
  tenantId: string
  organizationId: string | null
  scopeKey: string
  xpertId: string
  chatType: 'p2p' | 'group'
  chatId: string
  threadId?: string
}

/** What tells one scope from another. */
export type ScopeIdentity = Pick<SessionScope, 'integrationId' | 'scopeKey' | 'xpertId'>

/** A group as an expert's conversations see it, whatever their scopes. */
export type Chat = Pick<SessionScope, 'integrationId' | 'xpertId' | 'chatId'>
