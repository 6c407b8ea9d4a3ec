import { createHash } from 'node:crypto'

/** A file as an expert sees it. */
export interface RunFile {
  name: string
  mimeType: string
  size: number
  sha256: string
  /** Only for a model that looks at it. */
  bytes: Buffer
}

const MAX_INLINE_BYTES = 25 * 1024 * 1024
const DATA_URL = /^data:([^;,]+)?((?:;[^,]*)*),([\s\S]*)$/

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/**
 * What a run's input says of its files, with their content. As on the real host the run fails for what it can not read: a path,
 * which it opens as one of its own disk, and sound (host-contract §4.7).
 */
export const readRunFiles = (files: unknown): RunFile[] =>
  ((Array.isArray(files) ? files : []) as Record<string, unknown>[]).map(readRunFile)

function readRunFile(file: Record<string, unknown>): RunFile {
  const name = text(file.originalName) || text(file.name) || 'chat-file'
  const url = text(file.fileUrl) || text(file.url)
  const path = text(file.workspacePath) || text(file.filePath)
  if (!url.startsWith('data:')) throw new Error(`ENOENT: no such file or directory, open '${path}'`)
  const [, type = '', parameters = '', data = ''] = DATA_URL.exec(url) ?? []
  if (!parameters.split(';').includes('base64')) throw new Error('Invalid chat request file data URL')
  const bytes = Buffer.from(data, 'base64')
  if (bytes.length > MAX_INLINE_BYTES) throw new Error('Chat request file is too large')
  const mimeType = type || text(file.mimeType)
  if (mimeType.startsWith('audio')) throw new Error('Audio files are not supported yet')
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { name, mimeType, size: bytes.length, sha256, bytes }
}

/** What is kept of it: the content is not. */
export const describeFile = ({ name, mimeType, size, sha256 }: RunFile) => ({ name, mimeType, size, sha256 })
