import { LarkError } from './lark-error'

/** Messages of the platform's published error tables, by code. */
const MESSAGES: Record<number, string> = {
  230001: 'Your request contains an invalid request parameter.',
  230002: 'The bot can not be outside the group.',
  230006: 'Bot ability is not activated.',
  230011: 'The message is recalled.',
  230012: 'Bot is NOT the sender of the message.',
  230013: 'Bot has NO availability to this user.',
  230017: 'Bot is NOT the owner of the resource.',
  230019: 'The topic does NOT exist.',
  230020: 'This operation triggers the frequency limit.',
  230025: 'The length of the message content reaches its limit.',
  230026: 'No permission to recall this message.',
  230027: 'Lack of necessary permissions.',
  230031: 'Message can only be modified within 14 days after sending.',
  230033: 'Get the reading status must be done within 7 days after the message is sent.',
  230034: 'The receive_id is invalid.',
  230049: 'The message is being sent.',
  230054: 'This operation is not supported for this message type.',
  230055: 'The type of file upload does not match the type of message being sent.',
  230110: 'Action unavailable as the message has been deleted.',
  231001: 'reaction type is invalid.',
  231002: 'The operator has no permission to react on the specific message.',
  231003: 'The message is not found, maybe not exist or deleted.',
  231007: 'The operator has no permission to delete this reaction.',
  231010: 'The reaction does not belong to the message.',
  231011: 'The request has an invalid reaction_id.',
  231203: 'The chat type is not supported.',
  232001: 'Your request contains an invalid request parameter.',
  232006: 'Your request specifies a chat_id which is invalid.',
  232009: 'Your request specifies a chat which has already been dissolved.',
  232011: 'Operator can NOT be out of the chat.',
  234001: 'Invalid request param.',
  234003: 'File not in message.',
  234004: 'App not in chat.',
  234005: 'Image has been deleted.',
  234006: 'The file size exceed the max value.',
  234008: 'The app is not the resource sender.',
  234010: "File's size can't be 0.",
  234011: "Can't regonnize the image format.",
  234043: 'Unsupported message type.',
  10002: 'Your request contains an invalid request parameter.',
  200220: 'Failed to generate card content.',
  200740: 'The card entity does not exist.',
  200750: 'The card entity has expired.',
  200770: 'UUID conflict.',
  200810: 'The card is in an ongoing interaction and cannot be updated.',
  200850: 'Card streaming timeout.',
  200860: 'Card content exceeds limit.',
  300121: 'Failed to replace element.',
  300122: 'Failed to update card configuration.',
  300301: 'Duplicate element_id in card component.',
  300302: 'update_multi property is false.',
  300303: 'Only schema 2.0 is supported.',
  300305: 'The number of card components exceeds 200.',
  300307: 'The card DSL is empty.',
  300309: 'Card streaming closed.',
  300310: 'Only update text.',
  300311: 'The current application does not have permission to update/use this card.',
  300312: 'Unable to update element tag.',
  300313: 'Failed to update element properties.',
  300314: 'Failed to delete element.',
  300315: 'Failed to add element.',
  300317: 'The sequence number for operating on the card did not increment consecutively.',
  40001: 'invalid parameter.',
  40004: 'no dept authority error.',
  40011: 'page size is invalid.',
  40012: 'page token is invalid error.',
  41012: 'user id invalid error.',
  41050: 'no user authority error.',
  41071: 'invalid member_id_type.',
  41072: 'member_type not match member_id_type.',
  41074: 'invalid member_type.',
  42002: 'invalid group_id.',
  42009: 'no user group authority error.'
}

/** The platform's error for a code of its tables; `detail` is appended the way the platform adds `ext=`. */
export function larkError(code: number, detail?: string): LarkError {
  const message = MESSAGES[code] ?? 'error'
  return new LarkError(code, detail ? `${message.replace(/\.$/, '')}, ext=${detail}` : message)
}

/** Refused card: the sub code travels in the text only. */
export function cardRefused(subCode: number, subMessage: string): LarkError {
  return new LarkError(
    230099,
    `Failed to create card content, ext=ErrCode: ${subCode}; ErrMsg: ${subMessage}; ErrorValue: ; `
  )
}

export function fieldViolation(field: string, description: string): LarkError {
  return new LarkError(99992402, 'field validation failed', 400, {
    error: { field_violations: [{ field, description }] }
  })
}

export function rateLimited(limit: number, resetSeconds: number): LarkError {
  const headers = { 'x-ogw-ratelimit-limit': String(limit), 'x-ogw-ratelimit-reset': String(resetSeconds) }
  return new LarkError(99991400, 'request trigger frequency limit', 429, { headers })
}

export function scopeMissing(appId: string, scopes: string[]): LarkError {
  const list = scopes.join(', ')
  const link = `https://open.feishu.cn/app/${appId}/auth?q=${scopes.join(',')}&op_from=openapi&token_type=tenant`
  const violations = scopes.map((subject) => ({ type: 'action_scope_required', subject }))
  const message = `Access denied. One of the following scopes is required: [${list}]. Apply for one of them at ${link}`
  return new LarkError(99991672, message, 400, { error: { permission_violations: violations } })
}
