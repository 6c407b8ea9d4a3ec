import { createHash } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { WorkspaceFiles, type WorkspaceScope } from './workspace-files'

/** A file as an expert sees it. */
export interface RunFile {
  name: string
  mimeType: string
  size: number
  sha256: string
  from: 'inline' | 'workspace'
  /** Only for a model that looks at it. */
  read(): Promise<Buffer>
}

const MAX_INLINE_BYTES = 25 * 1024 * 1024
const PIECE_BYTES = 64 * 1024
const DATA_URL = /^data:([^;,]+)?((?:;[^,]*)*),([\s\S]*)$/

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** What a run's input says of its files, with their content: other forms than these are passed on unread by the real host (host-contract §4.7). */
export async function readRunFiles(
  files: unknown,
  scope: WorkspaceScope,
  workspaceDir: string | undefined
): Promise<RunFile[]> {
  const given = (Array.isArray(files) ? files : []) as Record<string, unknown>[]
  return Promise.all(given.map((file) => readRunFile(file, scope, workspaceDir)))
}

async function readRunFile(
  file: Record<string, unknown>,
  scope: WorkspaceScope,
  workspaceDir: string | undefined
): Promise<RunFile> {
  const name = text(file.originalName) || text(file.name) || 'chat-file'
  const url = text(file.fileUrl) || text(file.url)
  const path = text(file.workspacePath) || text(file.filePath)
  if (path && workspaceDir) {
    const real = new WorkspaceFiles(workspaceDir).pathOf(scope, path)
    const read = () => readFile(real)
    return { name, mimeType: text(file.mimeType), ...(await digestOf(real)), from: 'workspace', read }
  }
  const [, type = '', parameters = '', data = ''] = DATA_URL.exec(url) ?? []
  if (!parameters.split(';').includes('base64')) throw new Error('Invalid chat request file data URL')
  const bytes = Buffer.from(data, 'base64')
  if (bytes.length > MAX_INLINE_BYTES) throw new Error('Chat request file is too large')
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const read = async () => bytes
  return { name, mimeType: type || text(file.mimeType), size: bytes.length, sha256, from: 'inline', read }
}

/** Through one small buffer: what a run reads must not look like memory that the plugin takes. */
async function digestOf(path: string): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256')
  const buffer = Buffer.alloc(PIECE_BYTES)
  const file = await open(path)
  try {
    for (let size = 0; ;) {
      const { bytesRead } = await file.read(buffer, 0, PIECE_BYTES, size)
      if (bytesRead === 0) return { size, sha256: hash.digest('hex') }
      hash.update(buffer.subarray(0, bytesRead))
      size += bytesRead
    }
  } finally {
    await file.close()
  }
}

/** What is kept of it: the content is not. */
export const describeFile = ({ name, mimeType, size, sha256, from }: RunFile) => ({
  name,
  mimeType,
  size,
  sha256,
  from
})
