import { Injectable } from '@nestjs/common'
import type { ViewHostContext } from './view-contract'

export interface ViewHostIdentity {
  tenantId: string
  organizationId?: string
  hostType: string
  hostId: string
}

interface Entry {
  expiresAt: number
  value: unknown
}

/** `VIEW_EXTENSION_CACHE_SERVICE_TOKEN`: manifests and data of view hosts, per process. */
@Injectable()
export class ViewCache {
  private readonly entries = new Map<string, Entry>()

  async getOrSet<T>(context: ViewHostContext, parts: unknown[], ttlMs: number, load: () => T | Promise<T>): Promise<T> {
    const reader = [context.userId, context.locale]
    const key = prefix(context) + [reader, ...parts].map((part) => JSON.stringify(part)).join('|')
    const known = this.entries.get(key)
    if (known && known.expiresAt > Date.now()) return known.value as T
    const value = await load()
    this.entries.set(key, { value, expiresAt: Date.now() + ttlMs })
    return value
  }

  async invalidateHost(context: ViewHostContext): Promise<void> {
    this.drop((key) => key.startsWith(prefix(context)))
  }

  async invalidateHostIdentity(identity: ViewHostIdentity): Promise<void> {
    this.drop((key) => key.startsWith(prefix(identity)))
  }

  async invalidateView(context: ViewHostContext, publicViewKey: string): Promise<void> {
    const part = `|${JSON.stringify(publicViewKey)}|`
    this.drop((key) => key.startsWith(prefix(context)) && `${key}|`.includes(part))
  }

  async clearAll(): Promise<void> {
    this.entries.clear()
  }

  private drop(matches: (key: string) => boolean): void {
    for (const key of this.entries.keys()) if (matches(key)) this.entries.delete(key)
  }
}

const prefix = ({ tenantId, organizationId, hostType, hostId }: ViewHostIdentity): string =>
  `${tenantId}/${organizationId ?? ''}/${hostType}/${hostId}/`
