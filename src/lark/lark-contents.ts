import { Readable } from 'node:stream'
import { RestMessage } from './content'
import { LarkApp } from './lark-app'

/** What a message carries, while it arrives. Whoever opened it reads it to its end or destroys it. */
export interface OpenResource {
  stream: Readable
  /** As announced; Lark need not say it, and it may be wrong. */
  bytes: number | null
}

/**
 * Kinds of files that Lark shows a preview of, and everything else as `stream`: those that a `file` message may carry. Lark
 * refuses `mp4` and `opus` there (230055; lark-platform §5.3).
 */
export type LarkFileType = 'pdf' | 'doc' | 'xls' | 'ppt' | 'stream'

/** The calls that read what people sent and upload what experts send. Every method throws `LarkApiError`. */
export interface LarkContentApi {
  /** The message; of a forwarded bundle, also every message in it. A card comes as it was sent (needs `im:message:readonly`). */
  readMessage(messageId: string): Promise<RestMessage[]>
  /** Needs `im:message:readonly` or a scope like it, and the bot in the chat. */
  openResource(input: { messageId: string; key: string; type: 'image' | 'file' }): Promise<OpenResource>
  /** Up to 10 MB in a format that Lark shows (scope `im:resource`). */
  uploadImage(bytes: Buffer): Promise<{ imageKey: string }>
  /** Up to 30 MB (scope `im:resource`). */
  uploadFile(input: { bytes: Buffer; name: string; type: LarkFileType }): Promise<{ fileKey: string }>
  /** At most `MOST_IDS` at once (contact scopes); whom the app may not see is left out. */
  readNames(openIds: readonly string[]): Promise<Map<string, string>>
}

export abstract class LarkContents {
  abstract for(app: LarkApp): LarkContentApi
}
