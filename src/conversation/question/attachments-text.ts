import { Attachment, FileRefusal } from './attachment'

/** As the expert reads it, so that it does not invent what it has not seen. */
const REASONS: Record<FileRefusal, string> = {
  too_large: 'it is larger than allowed',
  too_large_for_host: 'it is larger than can be handed over',
  too_many: 'too many files at once',
  sound: 'you can not listen to sound here',
  empty: 'it is empty',
  permission: 'the app lacks the permission im:message:readonly',
  group_permission: 'the app lacks the permission im:message.group_msg',
  restricted: 'Lark does not allow the app to download it',
  gone: 'it was recalled or deleted',
  not_downloadable: 'Lark does not give out files of this kind of message',
  failed: 'the download failed',
  host_refused: 'it could not be stored'
}

const sizeOf = (bytes: number): string =>
  bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`

const lineOf = (attachment: Attachment): string => {
  if ('refusal' in attachment) return `- ${attachment.name}: not available, ${REASONS[attachment.refusal]}`
  const { name, mimeType, bytes } = attachment
  const place = 'workspacePath' in attachment ? `, in your workspace: ${attachment.workspacePath}` : ''
  return `- ${name} (${mimeType}, ${sizeOf(bytes)})${place}`
}

/** What became of everything that the question speaks of; empty when it carries nothing. */
export const attachmentsText = (attachments: readonly Attachment[]): string =>
  attachments.length === 0 ? '' : ['[attached files]', ...attachments.map(lineOf)].join('\n')
