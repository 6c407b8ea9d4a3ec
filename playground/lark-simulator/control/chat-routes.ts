import type { PressInput, SayInput } from '../contract'
import { seenMessage } from '../messages/seen-view'
import { press } from '../people/press'
import { forward, markRead, react, recall, say } from '../people/say'
import type { Platform } from '../platform'
import { newFileKey, newImageKey } from '../state/ids'
import { sniffImage } from '../state/image-kind'
import type { AddRoute } from './control-router'

/** What people do and see. */
export function chatRoutes(platform: Platform, add: AddRoute): void {
  const { world } = platform
  add('get', '/chats/:chatId/messages', (request) =>
    world.messagesOf(world.chat(String(request.params.chatId)).chatId).map((message) => seenMessage(world, message))
  )
  add('post', '/say', (request) => {
    const { messageId, chatId } = say(platform, request.body as SayInput)
    return { messageId, chatId }
  })
  add('post', '/forward', (request) => {
    const { messageId, chatId } = forward(platform, request.body as Parameters<typeof forward>[1])
    return { messageId, chatId }
  })
  add('post', '/recall', (request) => recall(platform, request.body as Parameters<typeof recall>[1]))
  add('post', '/react', (request) => react(platform, request.body as Parameters<typeof react>[1]))
  add('post', '/mark-read', (request) => markRead(platform, request.body as Parameters<typeof markRead>[1]))
  add('post', '/press', (request) => press(platform, request.body as PressInput))
  add('post', '/files', (request) => {
    const { name, base64, size = 0 } = request.body as { name: string; base64: string; size?: number }
    const given = Buffer.from(base64, 'base64')
    const bytes = Buffer.concat([given], Math.max(size, given.length))
    const kind = sniffImage(bytes) || /\.(png|jpe?g|gif|webp|bmp|ico|tiff?)$/i.test(name) ? 'image' : 'file'
    const key = kind === 'image' ? newImageKey() : newFileKey()
    world.files.set(key, { key, name, bytes, kind })
    return { key }
  })
}
