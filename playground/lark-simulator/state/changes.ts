import { realTimers } from '../../clock/clock-control'

export interface VisibleChange {
  type: 'message' | 'update' | 'reaction' | 'recall'
  chatId: string
  messageId: string
}

/** Tells waiting callers that something happened, so that nobody polls. */
export class Changes {
  private readonly waiters = new Set<() => void>()
  private readonly viewers = new Set<(change: VisibleChange) => void>()

  /** Anything that a waiting condition may depend on. */
  notify(): void {
    for (const waiter of [...this.waiters]) waiter()
  }

  visible(change: VisibleChange): void {
    for (const viewer of this.viewers) viewer(change)
    this.notify()
  }

  onVisible(viewer: (change: VisibleChange) => void): () => void {
    this.viewers.add(viewer)
    return () => this.viewers.delete(viewer)
  }

  /** Resolves with the first defined answer of `look`, with undefined after timeoutMs of real time. */
  until<T>(look: () => T | undefined, timeoutMs: number): Promise<T | undefined> {
    const now = look()
    if (now !== undefined) return Promise.resolve(now)
    return new Promise((resolve) => {
      const end = (value: T | undefined): void => {
        realTimers().clearTimeout(timer)
        this.waiters.delete(check)
        resolve(value)
      }
      const check = (): void => {
        const value = look()
        if (value !== undefined) end(value)
      }
      const timer = realTimers().setTimeout(() => end(undefined), timeoutMs)
      this.waiters.add(check)
    })
  }
}
