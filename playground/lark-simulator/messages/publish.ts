import type { EventPush } from '../push/event-push'
import { createEvent } from '../push/push-event'
import type { App, Chat, Message } from '../state/model'
import type { World } from '../state/world'
import { messageEvent } from './event-view'

const P2P_SCOPES = ['im:message.p2p_msg:readonly', 'im:message.p2p_msg']
const ALL_GROUP_SCOPES = ['im:message.group_msg', 'im:message.group_msg:readonly']
const MENTION_BY_BOT_SCOPE = 'im:message.group_at_msg.include_bot:readonly'
const MENTION_SCOPES = ['im:message.group_at_msg:readonly', 'im:message.group_at_msg', MENTION_BY_BOT_SCOPE]

/** Tells every app of the chat that may know about this message. */
export function publishMessage(world: World, push: EventPush, message: Message): void {
  const chat = world.chat(message.chatId)
  for (const appId of chat.appIds) {
    const app = world.app(appId)
    if (receives(app, chat, message)) void push.enqueue(app, messageReceived(world, app, message))
  }
}

export function messageReceived(world: World, app: App, message: Message, eventId?: string) {
  const event = messageEvent(world, app, message)
  const eventType = 'im.message.receive_v1'
  return createEvent({ app, tenantKey: world.tenantKey, eventType, event, messageId: message.messageId, eventId })
}

/** Pushes an event to an app that subscribed to it and has one of the scopes. */
export function pushTo(
  world: World,
  push: EventPush,
  app: App,
  event: { type: string; scopes: string[]; body: unknown; messageId?: string }
): void {
  if (!subscribed(app, event.type) || !hasScope(app, event.scopes)) return
  void push.enqueue(
    app,
    createEvent({
      app,
      tenantKey: world.tenantKey,
      eventType: event.type,
      event: event.body,
      messageId: event.messageId
    })
  )
}

function receives(app: App, chat: Chat, message: Message): boolean {
  if (!subscribed(app, 'im.message.receive_v1')) return false
  // A bot never hears itself; others only when they mention it and the scope says so.
  if (message.sender.kind === 'app') {
    return message.sender.appId !== app.appId && mentionsBot(app, message) && app.scopes.includes(MENTION_BY_BOT_SCOPE)
  }
  if (chat.mode === 'p2p') return hasScope(app, P2P_SCOPES)
  return hasScope(app, ALL_GROUP_SCOPES) || (mentionsBot(app, message) && hasScope(app, MENTION_SCOPES))
}

const mentionsBot = (app: App, message: Message): boolean =>
  message.mentions.some(({ target }) => target.kind === 'app' && target.appId === app.appId)

const hasScope = (app: App, scopes: string[]): boolean =>
  scopes.length === 0 || scopes.some((scope) => app.scopes.includes(scope))

// activate_status 1: the tenant disabled the app; it gets nothing.
const subscribed = (app: App, eventType: string): boolean =>
  app.activateStatus !== 1 && (app.subscribedEvents.includes('*') || app.subscribedEvents.includes(eventType))
