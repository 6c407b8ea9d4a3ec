import type { Platform } from '../platform'
import type { Message, Sender } from '../state/model'
import { idsOf } from './event-view'
import { pushTo } from './publish'

/** Reaction events carry neither reaction_id nor chat_id. */
export function publishReaction(
  platform: Platform,
  message: Message,
  change: { emoji: string; by: Sender; at: number; removed: boolean }
): void {
  const { world, push } = platform
  for (const appId of world.chat(message.chatId).appIds) {
    const app = world.app(appId)
    const by = change.by
    const body = {
      message_id: message.messageId,
      reaction_type: { emoji_type: change.emoji },
      operator_type: by.kind,
      ...(by.kind === 'user' ? { user_id: idsOf(world, app, by) } : { app_id: by.appId }),
      action_time: String(change.at)
    }
    const type = change.removed ? 'im.message.reaction.deleted_v1' : 'im.message.reaction.created_v1'
    pushTo(world, push, app, { type, scopes: ['im:message.reactions:read', 'im:message:readonly'], body })
  }
}
