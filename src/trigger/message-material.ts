import { MessageMaterial } from '../conversation'
import { MessageEvent, ReadableText } from '../lark'

/** What a turn has to read besides the message's text; nothing for most. In a topic every message names the first one. */
export const materialOf = (
  { parentId, rootId, threadId, messageId }: MessageEvent,
  { resources, original }: Pick<ReadableText, 'resources' | 'original'>
): { material?: MessageMaterial } => {
  const refersTo = threadId === undefined ? parentId : (rootId ?? parentId)
  const material: MessageMaterial = {
    ...(resources.length > 0 ? { resources } : {}),
    ...(original ? { original } : {}),
    ...(refersTo === undefined || refersTo === messageId ? {} : { parentId: refersTo })
  }
  return Object.keys(material).length === 0 ? {} : { material }
}
