import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export type LarkFixture =
  | 'card-action'
  | 'chat-disbanded'
  | 'legacy-p2p-chat-create'
  | 'message-direct-text'
  | 'message-group-mention'
  | 'message-image'
  | 'message-post'
  | 'message-recalled'
  | 'message-topic-reply'
  | 'url-verification'

/** A fresh copy of one envelope in `test/fixtures/lark`. */
export const larkFixture = (name: LarkFixture): Record<string, unknown> =>
  JSON.parse(readFileSync(join(__dirname, '..', 'fixtures', 'lark', `${name}.json`), 'utf8')) as Record<string, unknown>
