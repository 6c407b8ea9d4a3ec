export const MESSAGE_RECEIVED = 'im.message.receive_v1'
export const MESSAGE_RECALLED = 'im.message.recalled_v1'
export const CARD_ACTION = 'card.action.trigger'

const HANDLED: ReadonlySet<string> = new Set([MESSAGE_RECEIVED, MESSAGE_RECALLED, CARD_ACTION])

/** Events of any other type are acknowledged and ignored: an app may subscribe to more than this plugin needs. */
export const isHandledEventType = (eventType: string): boolean => HANDLED.has(eventType)
