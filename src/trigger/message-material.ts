import { MessageMaterial } from '../conversation'
import { MessageEvent, ReadableText } from '../lark'

/** In topic groups Lark may name a topic (`omt_…`) where a message should be; no call knows such a message. */
const isMessage = (id: string | undefined): boolean => id?.startsWith('om_') === true

/** What a turn has to read besides the message's text; nothing for most. In a topic every message names the first one. */
export const materialOf = (
  { parentId, rootId, threadId, messageId }: MessageEvent,
  { resources, original }: Pick<ReadableText, 'resources' | 'original'>
): { material?: MessageMaterial } => {
  const refersTo = (threadId === undefined ? [parentId] : [rootId, parentId]).find(isMessage)
  const material: MessageMaterial = {
    ...(resources.length > 0 ? { resources } : {}),
    ...(original ? { original } : {}),
    ...(refersTo === undefined || refersTo === messageId ? {} : { parentId: refersTo })
  }
  return Object.keys(material).length === 0 ? {} : { material }
}
