import { newFileKey, newImageKey } from '../state/ids'
import { sniffImage } from '../state/image-kind'
import type { Message } from '../state/model'
import { larkError } from '../wire/error-codes'
import { Api, ApiContext, ApiResult, TIER_4 } from './api'

const IMAGE_BYTES = 10 * 1024 * 1024
const FILE_BYTES = 30 * 1024 * 1024
const FILE_TYPES = ['opus', 'mp4', 'pdf', 'doc', 'xls', 'ppt', 'stream']
const RESOURCE_SCOPES = ['im:resource', 'im:message', 'im:message:readonly', 'im:message.history:readonly']
const UPLOAD_SCOPES = ['im:resource', 'im:resource:upload']

function uploadImage(context: ApiContext): ApiResult {
  const bytes = uploaded(context, 'image', IMAGE_BYTES)
  if (!['message', 'avatar'].includes(context.form?.text('image_type') ?? '')) throw larkError(234001)
  if (!sniffImage(bytes)) throw larkError(234011)
  const key = newImageKey()
  context.platform.world.files.set(key, { key, name: key, bytes, kind: 'image', appId: context.app.appId })
  return { data: { image_key: key } }
}

function uploadFile(context: ApiContext): ApiResult {
  const bytes = uploaded(context, 'file', FILE_BYTES)
  const name = context.form?.text('file_name')
  const fileType = context.form?.text('file_type') ?? ''
  if (!name || !FILE_TYPES.includes(fileType)) throw larkError(234001)
  const key = newFileKey()
  context.platform.world.files.set(key, { key, name, bytes, kind: 'file', fileType, appId: context.app.appId })
  return { data: { file_key: key } }
}

function uploaded({ form }: ApiContext, part: string, limit: number): Buffer {
  const bytes = form?.bytes(part)
  if (!bytes) throw larkError(234001)
  if (bytes.length === 0) throw larkError(234010)
  if (bytes.length > limit) throw larkError(234006)
  return bytes
}

/** Only what this app uploaded itself; what people sent is read through their message. */
function download(context: ApiContext): ApiResult {
  const { key } = context.params
  const file = context.platform.world.files.get(key)
  if (!file) throw larkError(234001)
  if (file.appId !== context.app.appId) throw larkError(234008)
  return { file: { bytes: file.bytes, name: file.name } }
}

function resource(context: ApiContext): ApiResult {
  const { world } = context.platform
  const { message_id, file_key } = context.params
  const message = world.messages.get(message_id)
  if (!message || !['image', 'file'].includes(context.query.type)) throw larkError(234001)
  if (!world.chat(message.chatId).appIds.includes(context.app.appId)) throw larkError(234004)
  if (message.recalled) throw larkError(230110)
  if (message.msgType === 'sticker' || message.msgType === 'interactive' || message.upperMessageId)
    throw larkError(234043)
  const file = world.files.get(file_key)
  if (!file || !holds(message, file_key)) throw larkError(234003)
  return { file: { bytes: file.bytes, name: file.name } }
}

const holds = (message: Message, key: string): boolean => JSON.stringify(message.content).includes(JSON.stringify(key))

export const mediaApis: Api[] = [
  {
    name: 'im.image.create',
    method: 'post',
    path: '/im/v1/images',
    scopes: UPLOAD_SCOPES,
    limits: TIER_4,
    handle: uploadImage
  },
  {
    name: 'im.image.get',
    method: 'get',
    path: '/im/v1/images/:key',
    scopes: RESOURCE_SCOPES,
    limits: TIER_4,
    handle: download
  },
  {
    name: 'im.file.create',
    method: 'post',
    path: '/im/v1/files',
    scopes: UPLOAD_SCOPES,
    limits: TIER_4,
    handle: uploadFile
  },
  {
    name: 'im.file.get',
    method: 'get',
    path: '/im/v1/files/:key',
    scopes: RESOURCE_SCOPES,
    limits: TIER_4,
    handle: download
  },
  {
    name: 'im.messageResource.get',
    method: 'get',
    path: '/im/v1/messages/:message_id/resources/:file_key',
    scopes: RESOURCE_SCOPES,
    limits: TIER_4,
    handle: resource
  }
]
