import { Log } from '../shared'
import { ConnectionConflict } from './connection.entity'

/** Names a conflict once, and again when it comes back. */
export class ConflictLog {
  private readonly named = new Set<string>()

  constructor(private readonly log: Log) {}

  /** All that there are now. */
  say(conflicts: readonly ConnectionConflict[]): void {
    const keys = new Set(conflicts.map(({ integrationId, code }) => `${integrationId} ${code}`))
    for (const { integrationId, code } of conflicts) {
      if (this.named.has(`${integrationId} ${code}`)) continue
      this.log.warn('an integration does not simply share the connection of its app', {
        integration: integrationId,
        code
      })
    }
    for (const key of this.named) if (!keys.has(key)) this.named.delete(key)
    for (const key of keys) this.named.add(key)
  }
}
