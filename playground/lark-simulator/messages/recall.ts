import type { Platform } from '../platform'
import type { Message } from '../state/model'
import { pushTo } from './publish'

/** Tells the apps of the chat that a message is gone. */
export function publishRecall(platform: Platform, message: Message, recallType: string): void {
  const body = {
    message_id: message.messageId,
    chat_id: message.chatId,
    recall_time: String(Date.now()),
    recall_type: recallType
  }
  for (const appId of platform.world.chat(message.chatId).appIds) {
    const own = message.sender.kind === 'app' && message.sender.appId === appId
    if (own) continue
    pushTo(platform.world, platform.push, platform.world.app(appId), {
      type: 'im.message.recalled_v1',
      scopes: ['im:message', 'im:message:readonly'],
      body,
      messageId: message.messageId
    })
  }
}
