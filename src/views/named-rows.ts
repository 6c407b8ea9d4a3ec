/** More words only narrow what nobody finds. */
export const MOST_WORDS = 5

const PEOPLE = (pattern: string): string =>
  `SELECT open_id FROM plugin_lark_user WHERE integration_id = $1 AND name ILIKE ${pattern}`
const CHATS = (pattern: string): string =>
  `SELECT chat_id FROM plugin_lark_chat WHERE integration_id = $1 AND name ILIKE ${pattern}`

/** $1 integration: the chat or the sender of a row of `table` has such a name. Each subquery is run once. */
export const isNamed = (table: string, pattern: string): string =>
  `(${table}.chat_id IN (${CHATS(pattern)}) OR ${table}.sender_id IN (${PEOPLE(pattern)}))`

/** $1 integration: anybody or any chat has such a name. */
export const isName = (pattern: string): string => `(EXISTS (${PEOPLE(pattern)}) OR EXISTS (${CHATS(pattern)}))`
