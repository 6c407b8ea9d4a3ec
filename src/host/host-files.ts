import { Injectable } from '@nestjs/common'
import { inTime, isObject, messageOf, PluginError, textOf } from '../shared'
import { HostContext } from './host-context'

const CAPABILITIES = 'XPERT_RUNTIME_CAPABILITIES'
const WORKSPACE_FILES = 'platform.workspace.files'

/** Where a Digital Expert's own files live; `lark` keeps what people sent apart. */
const CATALOG = 'xperts'
const FOLDER = 'lark'

/** Inline data travels through the host's queue, in every copy of the message (host-contract §4.7). */
export const INLINE_BYTES = 2 * 1024 * 1024

/** A file as `message.input.files` takes it: a path in the expert's workspace, or its data. */
export type RunFile = Record<string, unknown>

export interface FileOwner {
  tenantId: string
  organizationId: string | null
  xpertId: string
}

export interface FileContent {
  /** Unique within the message: another file of the same name must not replace it. */
  id: string
  name: string
  mimeType: string
  bytes: Buffer
}

/** `too_large`: only inline data is possible here. `refused`: the host did not take it. */
export class HostFileError extends PluginError<'too_large' | 'refused'> {
  constructor(code: 'too_large' | 'refused', cause?: unknown) {
    super(code, code === 'refused' ? `The host took no file (${messageOf(cause)})` : 'Too large without a workspace', {
      cause
    })
  }
}

/** An answer waits for it. */
const READ_MS = 20_000

interface WorkspaceFiles {
  uploadBuffer(input: Record<string, unknown>): Promise<unknown>
  readBuffer(input: Record<string, unknown>): Promise<unknown>
}

const isWorkspaceFiles = (api: unknown): api is WorkspaceFiles =>
  isObject(api) || typeof api === 'object'
    ? typeof Reflect.get(Object(api), 'uploadBuffer') === 'function' &&
      typeof Reflect.get(Object(api), 'readBuffer') === 'function'
    : false

const scopeOf = ({ tenantId, organizationId, xpertId }: FileOwner): Record<string, unknown> => ({
  tenantId,
  ...(organizationId ? { organizationId } : {}),
  catalog: CATALOG,
  scopeId: xpertId,
  xpertId,
  isolateByUser: false
})

/** Files between a run and the outside: into the expert's workspace where the host has one, else as data within the message. */
@Injectable()
export class HostFiles {
  constructor(private readonly context: HostContext) {}

  /** Throws `HostFileError` when the host has no way for it. Takes as long as the host does, which may read the bytes until then. */
  async hand(owner: FileOwner, file: FileContent): Promise<RunFile> {
    const workspace = this.workspace()
    if (workspace) return this.store(workspace, owner, file)
    if (file.bytes.length > INLINE_BYTES) throw new HostFileError('too_large')
    const url = `data:${file.mimeType};base64,${file.bytes.toString('base64')}`
    return { originalName: file.name, name: file.name, mimeType: file.mimeType, size: file.bytes.length, url }
  }

  /** A file of the expert's workspace. Throws `HostFileError`, also when the host does not answer within 20 s. */
  async read(owner: FileOwner, filePath: string): Promise<Buffer> {
    const workspace = this.workspace()
    if (!workspace) throw new HostFileError('refused', new Error('no workspace files'))
    try {
      const file = await inTime(READ_MS, 'a file', workspace.readBuffer({ ...scopeOf(owner), filePath }))
      if (isObject(file) && Buffer.isBuffer(file['buffer'])) return file['buffer']
      throw new Error('no buffer')
    } catch (error) {
      throw new HostFileError('refused', error)
    }
  }

  private async store(workspace: WorkspaceFiles, owner: FileOwner, file: FileContent): Promise<RunFile> {
    const { name, mimeType, bytes } = file
    try {
      const stored = await workspace.uploadBuffer({
        ...scopeOf(owner),
        buffer: bytes,
        originalName: name,
        mimeType,
        size: bytes.length,
        folder: `${FOLDER}/${file.id}`,
        fileName: name
      })
      const path = isObject(stored) ? (textOf(stored['filePath']) ?? textOf(stored['workspacePath'])) : undefined
      if (!isObject(stored) || path === undefined) throw new Error('no path')
      const url = textOf(stored['fileUrl'])
      const workspacePath = textOf(stored['workspacePath']) ?? path
      return {
        originalName: name,
        name,
        mimeType,
        size: bytes.length,
        filePath: path,
        workspacePath,
        ...(url ? { fileUrl: url } : {})
      }
    } catch (error) {
      throw new HostFileError('refused', error)
    }
  }

  /** Absent in older hosts, or where its module is not loaded. */
  private workspace(): WorkspaceFiles | null {
    try {
      const registry = this.context.resolve<{ get(key: string): unknown }>(CAPABILITIES)
      const api = registry.get(WORKSPACE_FILES)
      return isWorkspaceFiles(api) ? api : null
    } catch {
      return null
    }
  }
}
