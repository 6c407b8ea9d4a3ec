import { LarkReaction } from './lark-api-error'

interface LarkErrorCode {
  code: number
  meaning: string
  reaction: LarkReaction
  /** Page of Lark's documentation that lists it. */
  document: string
  /** Where the meaning depends on the call (lark-platform trap 37): this row counts for these calls only. */
  api?: RegExp
}

type Row = [code: number, reaction: LarkReaction, meaning: string, api?: RegExp]

/** Gateway and token endpoint: lark-platform 5.1 and 5.6. */
const GATEWAY: Row[] = [
  [2200, 'unknown_outcome', 'internal error'],
  [9499, 'invalid_request', 'bad request'],
  [10003, 'credentials', 'app id is malformed'],
  [10014, 'credentials', 'app id unknown, or secret wrong'],
  [10015, 'credentials', 'app secret is wrong'],
  [11232, 'slow_down', 'rate limit of a bot'],
  [11246, 'content_refused', 'content check'],
  [11247, 'slow_down', 'rate limit of system messages'],
  [99991201, 'invalid_request', 'path not found'],
  [99991301, 'invalid_request', 'method not allowed'],
  [99991400, 'slow_down', 'rate limit of the app for this call'],
  [99991401, 'forbidden', 'IP address is not in the allow-list of the app'],
  [99991403, 'quota', 'monthly quota of the tenant is used up'],
  [99991661, 'token', 'no access token'],
  [99991663, 'token', 'tenant access token invalid or expired'],
  [99991664, 'token', 'app access token invalid'],
  [99991665, 'forbidden', 'tenant key unknown'],
  [99991668, 'token', 'access token invalid'],
  [99991671, 'token', 'access token malformed'],
  [99991672, 'forbidden', 'the app lacks a scope'],
  [99991677, 'token', 'user access token expired'],
  [99991679, 'forbidden', 'the user has not granted a scope'],
  [99992351, 'invalid_request', 'department id invalid'],
  [99992352, 'invalid_request', 'id of a user invalid'],
  [99992353, 'invalid_request', 'id of a group invalid'],
  [99992354, 'invalid_request', 'message id invalid'],
  [99992356, 'invalid_request', 'union id invalid'],
  [99992360, 'invalid_request', 'id invalid'],
  [99992361, 'invalid_request', 'open id belongs to another app'],
  [99992402, 'invalid_request', 'field validation failed']
]

/** Messages and reactions: lark-platform 13.1. */
const MESSAGES: Row[] = [
  [230001, 'invalid_request', 'invalid parameter'],
  [230002, 'forbidden', 'the bot is not in the group'],
  [230006, 'forbidden', 'bot ability is not activated'],
  [230009, 'target_gone', 'too late to recall the message'],
  [230011, 'target_gone', 'the message is recalled'],
  [230012, 'forbidden', 'the bot is not the sender'],
  [230013, 'forbidden', 'the user is outside the availability of the app'],
  [230015, 'forbidden', 'a direct chat can not be shared'],
  [230017, 'forbidden', 'the bot does not own the resource'],
  [230018, 'forbidden', 'the settings of the group forbid it'],
  [230019, 'topic_gone', 'the topic does not exist'],
  [230020, 'drop_frame', 'frequency limit of this chat or message'],
  [230022, 'content_refused', 'sensitive information'],
  [230025, 'too_long', 'length limit of the content'],
  [230026, 'forbidden', 'no permission to recall the message'],
  [230027, 'forbidden', 'permission is missing'],
  [230028, 'content_refused', 'the audit refused the message'],
  [230029, 'target_gone', 'the user has resigned'],
  [230031, 'target_gone', 'older than 14 days'],
  [230034, 'invalid_request', 'receive_id is invalid'],
  [230035, 'forbidden', 'no permission to send'],
  [230036, 'forbidden', 'the tenant has deleted its crypt key'],
  [230038, 'forbidden', 'direct message across tenants'],
  [230049, 'retry', 'the message is being sent'],
  [230050, 'target_gone', 'the message is invisible to the bot'],
  [230053, 'forbidden', 'the user has stopped the bot'],
  [230054, 'step_down', 'not supported for this type of message'],
  [230055, 'invalid_request', 'file type does not match the message type'],
  [230071, 'no_topics', 'the group does not support replies in a thread', /\.reply$/],
  [230071, 'forbidden', 'the bot is not the sender', /\.update$/],
  [230072, 'no_topics', 'no replies in a thread to this message', /\.reply$/],
  [230072, 'target_gone', 'edited as often as is possible', /\.update$/],
  [230073, 'forbidden', 'invisible thread, or secret group'],
  [230074, 'forbidden', 'group with third-party encryption'],
  [230075, 'target_gone', 'too late to edit the message', /\.update$/],
  [230075, 'forbidden', 'encrypted messages are not supported'],
  [230099, 'step_down', 'Lark can not make a card of the content'],
  [230110, 'target_gone', 'the message is deleted'],
  [230111, 'target_gone', 'the message will self-destruct'],
  [231001, 'invalid_request', 'unknown emoji type'],
  [231002, 'forbidden', 'no permission to react'],
  [231003, 'target_gone', 'the message does not exist'],
  [231004, 'target_gone', 'the chat does not exist'],
  [231005, 'target_gone', 'the thread is removed'],
  [231006, 'invalid_request', 'operator id invalid'],
  [231007, 'forbidden', 'the reaction is somebody else’s'],
  [231008, 'forbidden', 'no access to the message'],
  [231010, 'target_gone', 'the reaction is not on this message'],
  [231011, 'target_gone', 'the reaction does not exist'],
  [231012, 'invalid_request', 'page token invalid'],
  [231013, 'invalid_request', 'auth type invalid'],
  [231014, 'invalid_request', 'type of user id invalid'],
  [231015, 'retry', 'the same reaction is being processed'],
  [231017, 'forbidden', 'no reactions on this type of message'],
  [231018, 'forbidden', 'the message is invisible to the bot'],
  [231019, 'forbidden', 'the settings of the user forbid it'],
  [231020, 'forbidden', 'the settings of the tenant forbid it'],
  [231021, 'forbidden', 'no permission in external chats'],
  [231022, 'forbidden', 'the user is outside the availability of the app'],
  [232009, 'target_gone', 'the chat is dissolved'],
  [232025, 'forbidden', 'bot ability is not activated'],
  [232034, 'forbidden', 'the tenant has disabled the app']
]

/** Files and images: lark-platform 13.1. */
const FILES: Row[] = [
  [232096, 'retry', 'files can not be written just now'],
  [234001, 'invalid_request', 'invalid parameter'],
  [234002, 'token', 'unauthorized'],
  [234003, 'target_gone', 'the file is not in the message'],
  [234004, 'forbidden', 'the app is not in the chat'],
  [234005, 'target_gone', 'the file is deleted'],
  [234006, 'too_long', 'the file is too large'],
  [234007, 'forbidden', 'bot ability is not activated'],
  [234008, 'forbidden', 'the file is somebody else’s'],
  [234009, 'forbidden', 'not possible in external groups'],
  [234010, 'invalid_request', 'the file is empty'],
  [234011, 'step_down', 'not an image format that Lark knows'],
  [234019, 'forbidden', 'the app is not of this tenant'],
  [234037, 'too_long', 'the file is too large to be downloaded'],
  [234038, 'forbidden', 'the chat restricts downloads'],
  [234039, 'step_down', 'the image has too many pixels'],
  [234040, 'target_gone', 'the message is invisible to the bot'],
  [234041, 'forbidden', 'the tenant has deleted its master key'],
  [234042, 'retry', 'the storage of the tenant fails'],
  [234043, 'step_down', 'not of this type of message']
]

/** Groups: lark-platform 13.3, without what messages are refused with, too. */
const CHATS: Row[] = [
  [232001, 'invalid_request', 'invalid parameter'],
  [232004, 'credentials', 'the app does not exist'],
  [232006, 'invalid_request', 'chat id invalid'],
  [232010, 'forbidden', 'the chat belongs to another tenant'],
  [232011, 'forbidden', 'the bot is not in the chat'],
  [232033, 'forbidden', 'no permission in external chats']
]

/** Numbers this small mean something else elsewhere. */
const OF_CONTACTS = /^contact\./

/** People, departments and user groups: lark-platform 13.4. */
const CONTACTS: Row[] = [
  [40001, 'invalid_request', 'invalid parameter', OF_CONTACTS],
  [40003, 'unknown_outcome', 'internal error', OF_CONTACTS],
  [40004, 'forbidden', 'the app may not see the department', OF_CONTACTS],
  [40008, 'target_gone', 'there is nothing of the department', OF_CONTACTS],
  [40011, 'invalid_request', 'page size invalid', OF_CONTACTS],
  [40012, 'invalid_request', 'page token invalid', OF_CONTACTS],
  [40014, 'forbidden', 'the app may not see the department above', OF_CONTACTS],
  [40015, 'target_gone', 'the department does not exist', OF_CONTACTS],
  [41012, 'invalid_request', 'user id invalid', OF_CONTACTS],
  [41050, 'forbidden', 'the app may not see the user', OF_CONTACTS],
  [41071, 'invalid_request', 'type of a member’s id invalid', OF_CONTACTS],
  [41072, 'invalid_request', 'type of a member does not match that of its id', OF_CONTACTS],
  [41074, 'invalid_request', 'type of a member invalid', OF_CONTACTS],
  [42002, 'invalid_request', 'id of a user group invalid', OF_CONTACTS],
  [42008, 'forbidden', 'the tenant is unknown', OF_CONTACTS],
  [42009, 'forbidden', 'the app may not see the user group', OF_CONTACTS],
  [43007, 'invalid_request', 'id of a department occurs twice', OF_CONTACTS],
  [43010, 'invalid_request', 'the department is too large for one list of all below it', OF_CONTACTS]
]

/** Card entities: lark-platform 13.2. Whatever Lark refuses about a card is shown in a simpler form. */
const CARDKIT: Row[] = [
  [10002, 'step_down', 'invalid parameter of a card entity', /^cardkit\./],
  [11310, 'step_down', 'a limit of a card, or its id is refused'],
  [100290, 'step_down', 'nobody has an id that the card names'],
  [200220, 'step_down', 'the card can not be generated'],
  [200510, 'stream_closed', 'streaming has timed out'],
  [200570, 'step_down', 'an image of the card is unknown'],
  [200621, 'step_down', 'the JSON of the card can not be read'],
  [200740, 'target_gone', 'the card entity does not exist'],
  [200750, 'target_gone', 'the card entity has expired'],
  [200770, 'sequence', 'the uuid was used before'],
  [200810, 'retry', 'somebody is interacting with the card'],
  [200850, 'stream_closed', 'streaming has timed out'],
  [200860, 'too_long', 'the card is too large'],
  [200861, 'step_down', 'an element that cards of JSON 2.0 do not have'],
  [200914, 'step_down', 'too many rows in a table'],
  [300120, 'unknown_outcome', 'internal error'],
  [300121, 'step_down', 'the element can not be replaced'],
  [300122, 'step_down', 'the settings of the card can not be changed'],
  [300301, 'step_down', 'an element id occurs twice'],
  [300302, 'step_down', 'update_multi is false'],
  [300303, 'step_down', 'only schema 2.0 has entities'],
  [300305, 'step_down', 'more than 200 elements'],
  [300307, 'step_down', 'the card is empty'],
  [300309, 'stream_closed', 'streaming is closed'],
  [300310, 'step_down', 'not a text element'],
  [300311, 'step_down', 'the card belongs to another app'],
  [300312, 'step_down', 'the tag of an element can not change'],
  [300313, 'step_down', 'the properties of the element can not change'],
  [300314, 'step_down', 'the element can not be deleted'],
  [300315, 'step_down', 'the element can not be added'],
  [300317, 'sequence', 'the sequence did not increase']
]

const documented = (rows: readonly Row[], document: string): LarkErrorCode[] =>
  rows.map(([code, reaction, meaning, api]) => ({ code, reaction, meaning, document, ...(api ? { api } : {}) }))

/** The one table of Lark's numbers. A row for certain calls stands before the general one of the same number. */
export const LARK_ERROR_CODES: readonly LarkErrorCode[] = [
  ...documented(GATEWAY, 'api-call-guide/generic-error-code'),
  ...documented(MESSAGES, 'im-v1/message and im-v1/message-reaction'),
  ...documented(FILES, 'im-v1/image, im-v1/file and im-v1/message/get-2'),
  ...documented(CHATS, 'im-v1/chat and im-v1/chat-members'),
  ...documented(CONTACTS, 'contact-v3'),
  ...documented(CARDKIT, 'cardkit-v1')
]

/** Those of which a caller has to know more than the reaction (lark-platform §5.6, §13.1). */
export const LARK_CODES = {
  scopeMissing: 99991672,
  /** Lark lets an app read single messages of groups only with the right to read all of them. */
  groupScopeMissing: 230027,
  /** Lark gives an app no files of groups with people of other companies. */
  externalGroup: 234009,
  downloadsRestricted: 234038,
  notOfThisType: 234043,
  messageRecalled: 230011,
  messageDeleted: 230110,
  messageUnknown: 231003
} as const

/** Undefined for a number that the table does not know. */
export const reactionTo = (code: number, api: string): LarkReaction | undefined =>
  LARK_ERROR_CODES.find((row) => row.code === code && (row.api === undefined || row.api.test(api)))?.reaction
