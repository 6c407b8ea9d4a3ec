export interface NewInboundEvent {
  /** Whose ids these are: tenant, organisation, region and app id. */
  inboxKey: string
  /** `message:<message_id>` for messages, `event:<event_id>` otherwise. */
  dedupKey: string
  /** Events of one lane are handled in order: app + chat. */
  lane: string
  eventType: string
  /** The decrypted envelope as JSON text, without its verification token. */
  payload: string
  tenantId: string
  organizationId: string | null
  integrationId: string
  messageId?: string
  chatId?: string
  threadId?: string
  senderId?: string
}

export abstract class Inbox {
  /**
   * Stores one event; resolves only when its row is in the database, and rejects when it is not: then the transport must
   * not acknowledge. A duplicate is a success.
   */
  abstract accept(event: NewInboundEvent): Promise<'accepted' | 'duplicate'>
}
