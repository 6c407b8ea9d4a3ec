import { seenCard } from '../cards/card-texts'
import type { SeenFile, SeenMessage } from '../contract'
import { isStreaming } from '../cards/card-entity'
import type { Message } from '../state/model'
import type { World } from '../state/world'
import { showMentions } from './mentions'
import { cardOf } from './received-content'

/** The message as it looks on a person's screen now. */
export function seenMessage(world: World, message: Message): SeenMessage {
  const card = cardOf(world, message)
  const entity = message.cardId ? world.cards.get(message.cardId) : undefined
  const seen = card && !message.recalled ? seenCard(card, entity ? isStreaming(entity, Date.now()) : false) : undefined
  return {
    messageId: message.messageId,
    chatId: message.chatId,
    from: world.nameOf(message.sender),
    fromBot: message.sender.kind === 'app',
    ...(message.sender.kind === 'app' ? { appId: message.sender.appId } : { userId: message.sender.userId }),
    type: message.msgType,
    text: message.recalled ? '' : (seen?.text ?? showMentions(visibleText(message), message.mentions)),
    ...(seen && { card: seen.card }),
    ...filesPart(world, message),
    ...(message.parentId && { replyTo: message.parentId }),
    ...(message.rootId && { rootId: message.rootId }),
    ...(message.threadId && { threadId: message.threadId }),
    reactions: message.reactions.map(({ emoji, by }) => ({ emoji, by: world.nameOf(by) })),
    recalled: message.recalled,
    createTime: message.createTime,
    updateTime: message.updateTime,
    editCount: message.editCount
  }
}

function filesPart(world: World, message: Message): { files?: SeenFile[] } {
  const files = message.recalled ? [] : keysIn(message.content).flatMap((key) => world.files.get(key) ?? [])
  if (files.length === 0) return {}
  return { files: files.map(({ key, name, kind, bytes }) => ({ key, name, kind, size: bytes.length })) }
}

const keysIn = (content: unknown): string[] => {
  if (Array.isArray(content)) return content.flatMap(keysIn)
  if (typeof content !== 'object' || content === null) return []
  return Object.entries(content).flatMap(([name, value]) =>
    (name === 'image_key' || name === 'file_key') && typeof value === 'string' ? [value] : keysIn(value)
  )
}

type Node = Record<string, unknown>

function visibleText(message: Message): string {
  const content = message.content
  if (message.msgType === 'text') return String(content.text ?? '')
  if (message.msgType === 'post') {
    const lines = ((content.content ?? []) as Node[][]).map((nodes) => nodes.map(nodeText).join(''))
    return [content.title, ...lines].filter((line) => line !== undefined && line !== '').join('\n')
  }
  if (message.msgType === 'image') return '[Image]'
  if (message.msgType === 'merge_forward') return '[Merged and Forwarded Message]'
  const name = content.file_name ?? content.name ?? content.topic ?? content.summary ?? content.text
  return name === undefined ? `[${message.msgType}]` : `[${message.msgType}] ${String(name)}`
}

function nodeText(node: Node): string {
  if (node.tag === 'at') return String(node.user_id ?? '')
  if (node.tag === 'img') return '[Image]'
  if (node.tag === 'emotion') return `[${String(node.emoji_type)}]`
  return String(node.text ?? '')
}
