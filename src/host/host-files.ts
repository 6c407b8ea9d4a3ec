import { Injectable } from '@nestjs/common'
import { inTime, isObject, messageOf, PluginError, textOf } from '../shared'
import { HostContext } from './host-context'

const CAPABILITIES = 'XPERT_RUNTIME_CAPABILITIES'
const WORKSPACE_FILES = 'platform.workspace.files'

/** Where a Digital Expert's own files live; `lark` keeps what people sent apart. */
const CATALOG = 'xperts'
const FOLDER = 'lark'

/** A file as `message.input.files` takes it, with its data: the one form that each version of the host reads (host-contract §4.7). */
export interface RunFile {
  originalName: string
  name: string
  mimeType: string
  size: number
  fileUrl: string
}

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

/** `no_workspace`: this host has none. `refused`: the host did not take it, or did not give it out. */
export class HostFileError extends PluginError<'no_workspace' | 'refused'> {
  constructor(code: 'no_workspace' | 'refused', cause?: unknown) {
    super(
      code,
      code === 'refused' ? `The host took no file (${messageOf(cause)})` : 'The host has no workspace files',
      {
        cause
      }
    )
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

/** To travel along with a question. */
export const inlineFile = ({ name, mimeType, bytes }: FileContent): RunFile => ({
  originalName: name,
  name,
  mimeType,
  size: bytes.length,
  fileUrl: `data:${mimeType};base64,${bytes.toString('base64')}`
})

/** Files of an expert's workspace. */
@Injectable()
export class HostFiles {
  constructor(private readonly context: HostContext) {}

  /**
   * Puts a file into the expert's workspace; answers its path there. Not for `message.input.files`: a run that is given a path
   * fails. Throws `HostFileError`. Takes as long as the host does, which may read the bytes until then.
   */
  async store(owner: FileOwner, { id, name, mimeType, bytes }: FileContent): Promise<string> {
    const workspace = this.workspace()
    if (!workspace) throw new HostFileError('no_workspace')
    try {
      const stored = await workspace.uploadBuffer({
        ...scopeOf(owner),
        buffer: bytes,
        originalName: name,
        mimeType,
        size: bytes.length,
        folder: `${FOLDER}/${id}`,
        fileName: name
      })
      const path = isObject(stored) ? (textOf(stored['workspacePath']) ?? textOf(stored['filePath'])) : undefined
      if (path === undefined) throw new Error('no path')
      return path
    } catch (error) {
      throw new HostFileError('refused', error)
    }
  }

  /** A file of the expert's workspace. Throws `HostFileError`, also when the host does not answer within 20 s. */
  async read(owner: FileOwner, filePath: string): Promise<Buffer> {
    const workspace = this.workspace()
    if (!workspace) throw new HostFileError('no_workspace')
    try {
      const file = await inTime(READ_MS, 'a file', workspace.readBuffer({ ...scopeOf(owner), filePath }))
      if (isObject(file) && Buffer.isBuffer(file['buffer'])) return file['buffer']
      throw new Error('no buffer')
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
