import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join, normalize } from 'node:path'

export interface WorkspaceScope {
  tenantId?: string
  catalog?: string
  scopeId?: string
  xpertId?: string
}

export interface UploadInput extends WorkspaceScope {
  buffer: Buffer
  originalName: string
  mimeType?: string
  size?: number
  folder?: string
  fileName?: string
}

const inside = (path: string): string => {
  const clean = normalize(path.replace(/^\/workspace\/+/, '').replace(/^\/+/, ''))
  if (clean === '.' || clean.startsWith('..')) throw new Error('workspace file path is required')
  return clean
}

/** The capability `platform.workspace.files` (host-contract §2.2, §4.7): an expert's files, in a folder that instances share. */
export class WorkspaceFiles {
  constructor(
    private readonly root: string,
    private readonly beforeEach: () => Promise<void> = async () => {}
  ) {}

  uploadBuffer = async (input: UploadInput): Promise<Record<string, unknown>> => {
    if (!Buffer.isBuffer(input.buffer) || input.buffer.length === 0)
      throw new Error('workspace file buffer is required')
    await this.beforeEach()
    const name = basename(input.fileName ?? input.originalName)
    const filePath = inside(join(input.folder ?? '', name))
    const target = this.pathOf(input, filePath)
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, input.buffer)
    const { mimeType, catalog, scopeId } = input
    return { name, filePath, workspacePath: filePath, mimeType, size: input.buffer.length, catalog, scopeId }
  }

  readBuffer = async (input: WorkspaceScope & { filePath: string }): Promise<Record<string, unknown>> => {
    const filePath = inside(input.filePath)
    await this.beforeEach()
    const buffer = await readFile(this.pathOf(input, filePath))
    return { name: basename(filePath), filePath, workspacePath: filePath, size: buffer.length, buffer }
  }

  pathOf({ tenantId, catalog, scopeId, xpertId }: WorkspaceScope, filePath: string): string {
    if (!tenantId) throw new Error('tenantId is required for workspace file access')
    if (catalog !== 'xperts' || !(scopeId ?? xpertId)) throw new Error(`Unsupported workspace file catalog: ${catalog}`)
    return join(this.root, tenantId, catalog, scopeId ?? xpertId ?? '', filePath)
  }
}
