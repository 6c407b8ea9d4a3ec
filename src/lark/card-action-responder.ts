export interface CardAction {
  eventId: string
  appId: string
  messageId: string
  chatId: string
  operatorOpenId: string
  /** The button's own value, an object of ours. */
  value: Record<string, unknown>
}

export interface CardResponse {
  toast?: { type: 'info' | 'success' | 'warning' | 'error'; content: string }
  card?: { type: 'raw'; data: Record<string, unknown> }
}

/**
 * Answers a click on both transports, in the time that `respondInTime` gives it. The click is stored right after, so
 * this may read and never writes; the worker does the work from the row.
 */
export abstract class CardActionResponder {
  abstract respond(action: CardAction, integrationId: string): Promise<CardResponse>
}
