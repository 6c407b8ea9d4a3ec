export { AppCalls, CallCounts, CALLS_PART } from './call-counts'
export * from './card-action-limit'
export * from './card-action-responder'
export * from './content'
export {
  ContactRange,
  DirectoryApi,
  GroupMemberKind,
  ListedChat,
  ListedUser,
  ListPage,
  MOST_IDS,
  ROOT_DEPARTMENT
} from './directory/directory-api'
export { DirectoryApis } from './directory/directory-apis'
export * from './events/card-action-event'
export * from './events/describe-event'
export * from './events/envelope'
export * from './events/handled-event-types'
export { isFromOutside, mentionsBot, parseMessageEvent, parseRecalledEvent } from './events/message-event'
export type { Mention, MessageEvent, MessageSender, RecalledEvent } from './events/message-event'
export * from './inspection/app-inspection'
export * from './inspection/console-app'
export * from './lark-api'
export * from './lark-api-error'
export * from './lark-app'
export { LARK_CODES } from './lark-error-codes'
export { LarkClientFactory } from './lark-client.factory'
export * from './lark-contents'
export * from './scopes'
export { extensionOf, sniff } from './sniff'
export type { SniffedType } from './sniff'
export * from './lark.providers'
export * from './long-connection-client'
export { CallUrgency } from './rate-governor'
export * from './webhook-crypto'
