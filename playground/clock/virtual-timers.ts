import { AsyncResource } from 'node:async_hooks'
import { promisify } from 'node:util'
import { VirtualClock } from './virtual-clock'

export interface RealTimers {
  setTimeout: typeof setTimeout
  setInterval: typeof setInterval
  clearTimeout: typeof clearTimeout
  clearInterval: typeof clearInterval
}

export interface VirtualTimers {
  setTimeout: typeof setTimeout
  setInterval: typeof setInterval
  clearTimeout: typeof clearTimeout
  clearInterval: typeof clearInterval
  /** Arms every pending timer again, in the order of their due times. */
  rearm(): void
}

// Node fires timers with a longer delay after 1 ms (documented in its timers page).
const LONGEST_DELAY_MS = 2 ** 31 - 1

type Callback = (...args: unknown[]) => void

interface Registry {
  clock: VirtualClock
  real: RealTimers
  pending: Set<VirtualTimer>
  byId: Map<number, VirtualTimer>
}

/**
 * Stands in for Node's Timeout. One real timer at most is armed for it; long virtual waits on a fast clock and waits on
 * a frozen clock are armed in pieces. The callback keeps the async context of the call that made the timer, also when
 * somebody else's clock change armed it again.
 */
class VirtualTimer {
  private handle: NodeJS.Timeout | undefined
  private referenced = true
  private id = 0
  private dueAt: number
  private readonly context = new AsyncResource('VirtualTimer')

  constructor(
    private readonly registry: Registry,
    private readonly callback: Callback,
    private readonly args: unknown[],
    private readonly delayMs: number,
    private readonly repeats: boolean
  ) {
    this.dueAt = registry.clock.monotonic() + delayMs
    registry.pending.add(this)
    this.arm(true)
  }

  get due(): number {
    return this.dueAt
  }

  arm(exact = false): void {
    if (this.handle) this.registry.real.clearTimeout(this.handle)
    const rate = this.registry.clock.rate
    const wait =
      exact && rate === 1 ? this.delayMs : (this.dueAt - this.registry.clock.monotonic()) / (rate || Number.MIN_VALUE)
    const piece = Math.min(Math.max(wait, 1), LONGEST_DELAY_MS)
    this.handle = this.registry.real.setTimeout(() => (wait > LONGEST_DELAY_MS ? this.arm() : this.fire()), piece)
    if (!this.referenced) this.handle.unref()
  }

  stop(): void {
    if (this.handle) this.registry.real.clearTimeout(this.handle)
    this.handle = undefined
    this.registry.pending.delete(this)
    this.registry.byId.delete(this.id)
  }

  ref(): this {
    this.referenced = true
    this.handle?.ref()
    return this
  }

  unref(): this {
    this.referenced = false
    this.handle?.unref()
    return this
  }

  hasRef(): boolean {
    return this.referenced
  }

  refresh(): this {
    this.dueAt = this.registry.clock.monotonic() + this.delayMs
    this.registry.pending.add(this)
    this.arm(true)
    return this
  }

  close(): this {
    this.stop()
    return this
  }

  [Symbol.toPrimitive](): number {
    if (!this.id) this.id = nextId()
    this.registry.byId.set(this.id, this)
    return this.id
  }

  [Symbol.dispose](): void {
    this.stop()
  }

  private fire(): void {
    this.handle = undefined
    if (this.repeats) this.refresh()
    else this.stop()
    this.context.runInAsyncScope(this.callback, undefined, ...this.args)
  }
}

let lastId = 1_000_000_000
const nextId = (): number => ++lastId

export function createVirtualTimers(clock: VirtualClock, real: RealTimers): VirtualTimers {
  const registry: Registry = { clock, real, pending: new Set(), byId: new Map() }
  const start =
    (repeats: boolean) =>
    (callback: unknown, delay?: unknown, ...args: unknown[]) => {
      if (typeof callback !== 'function') throw new TypeError('The "callback" argument must be of type function.')
      return new VirtualTimer(registry, callback as Callback, args, checkedDelay(delay), repeats)
    }
  const clear = (handle: unknown): void => {
    if (handle instanceof VirtualTimer) return handle.stop()
    const known =
      typeof handle === 'number' || typeof handle === 'string' ? registry.byId.get(Number(handle)) : undefined
    if (known) known.stop()
    else real.clearTimeout(handle as NodeJS.Timeout)
  }
  const later = start(false)
  Object.defineProperty(later, promisify.custom, {
    value: (delay?: number, value?: unknown) => new Promise((resolve) => later(() => resolve(value), delay))
  })
  return {
    setTimeout: later as unknown as typeof setTimeout,
    setInterval: start(true) as unknown as typeof setInterval,
    clearTimeout: clear as typeof clearTimeout,
    clearInterval: clear as typeof clearInterval,
    rearm: () => [...registry.pending].sort((a, b) => a.due - b.due).forEach((timer) => timer.arm())
  }
}

function checkedDelay(delay: unknown): number {
  const ms = Number(delay)
  return ms >= 1 && ms <= LONGEST_DELAY_MS ? Math.trunc(ms) : 1
}
