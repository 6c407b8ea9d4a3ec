import { Language, say, TextKey } from '../../i18n'
import { Attachment, FileRefusal } from './attachment'
import { INLINE_BYTES } from './inline-room'

type Referred = 'theQuotedMessage' | 'theForwardedMessages'

/** A file, or something else that a message refers to. */
export type MissingFile = Extract<Attachment, { refusal: unknown }> | { what: Referred; refusal: FileRefusal }

const TEXTS: Record<FileRefusal, TextKey> = {
  too_large: 'filesTooLarge',
  too_large_for_host: 'filesTooLargeForHost',
  too_many: 'filesTooMany',
  sound: 'filesSound',
  empty: 'filesEmpty',
  permission: 'filesNoPermission',
  group_permission: 'filesNoGroupPermission',
  restricted: 'filesRestricted',
  gone: 'filesGone',
  not_downloadable: 'filesRestricted',
  failed: 'filesFailed',
  host_refused: 'filesFailed'
}

const MAX_NAMED = 10

const namesOf = (files: readonly MissingFile[], language: Language): string => {
  const names = files.slice(0, MAX_NAMED).map((file) => ('what' in file ? say(file.what, language) : file.name))
  return files.length > MAX_NAMED ? `${names.join(', ')}, …` : names.join(', ')
}

/** One line a reason, for the person who asked. */
export const missingFilesText = (missing: readonly MissingFile[], maxMiB: number, language: Language): string => {
  const byText = new Map<TextKey, MissingFile[]>()
  for (const file of missing) {
    const key = TEXTS[file.refusal]
    byText.set(key, [...(byText.get(key) ?? []), file])
  }
  const lines = [...byText].map(([key, files]) => {
    const limit = key === 'filesTooLargeForHost' ? INLINE_BYTES / 1024 / 1024 : maxMiB
    return say(key, language, { names: namesOf(files, language), limit: String(limit) })
  })
  return lines.join('\n')
}
