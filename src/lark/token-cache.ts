import { Cache } from '@larksuiteoapi/node-sdk'

interface Entry {
  value: unknown
  /** Epoch milliseconds. */
  expiresAt: number | undefined
}

/** The SDK's cache for one client: its default is one for the whole process, by app id, over all clouds (trap 39). */
export class TokenCache implements Cache {
  private readonly entries = new Map<unknown, Entry>()

  async get(key: unknown): Promise<unknown> {
    const entry = this.entries.get(key)
    if (!entry || (entry.expiresAt !== undefined && entry.expiresAt <= Date.now())) return undefined
    return entry.value
  }

  async set(key: unknown, value: unknown, expiresAt?: number): Promise<boolean> {
    this.entries.set(key, { value, expiresAt })
    return true
  }

  clear(): void {
    this.entries.clear()
  }
}
