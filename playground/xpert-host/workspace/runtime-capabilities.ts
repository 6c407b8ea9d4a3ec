import { WorkspaceFiles } from './workspace-files'

type Key = string | { id: string }

/** What plugins may ask the runtime for, by id. Without a workspace folder there are no workspace files, as in older hosts. */
export class RuntimeCapabilities {
  private readonly apis = new Map<string, unknown>()

  /** @param beforeEach runs before each call of the plugin, and fails it where it throws */
  constructor(workspaceDir: string | undefined, beforeEach: () => Promise<void>) {
    if (workspaceDir) this.apis.set('platform.workspace.files', new WorkspaceFiles(workspaceDir, beforeEach))
  }

  has(key: Key): boolean {
    return this.apis.has(idOf(key))
  }

  get(key: Key): unknown {
    return this.apis.get(idOf(key))
  }

  require(key: Key): unknown {
    const api = this.get(key)
    if (!api) throw new Error(`Runtime capability ${idOf(key)} is not available`)
    return api
  }
}

const idOf = (key: Key): string => (typeof key === 'string' ? key : key.id)
