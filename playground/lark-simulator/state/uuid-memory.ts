const LIFETIME_MS = 3_600_000

/** Idempotency of create and reply: within one hour the same uuid of the same app names the same message. */
export class UuidMemory {
  private readonly known = new Map<string, { messageId: string; at: number }>()

  find(appId: string, uuid: string | undefined, now: number): string | undefined {
    const entry = uuid === undefined ? undefined : this.known.get(`${appId} ${uuid}`)
    return entry && now - entry.at < LIFETIME_MS ? entry.messageId : undefined
  }

  remember(appId: string, uuid: string | undefined, messageId: string, now: number): void {
    if (uuid === undefined) return
    if (this.known.size > 50_000) this.forgetOld(now)
    this.known.set(`${appId} ${uuid}`, { messageId, at: now })
  }

  private forgetOld(now: number): void {
    for (const [key, { at }] of this.known) if (now - at >= LIFETIME_MS) this.known.delete(key)
  }
}
