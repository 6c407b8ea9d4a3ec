/**
 * A clock that can be shifted, jumped and run faster: virtual now = base + (real now - real base) * rate.
 * Two readings are kept: `now` follows the wall clock (for Date), `monotonic` follows a monotonic source (for timers),
 * so that a correction of the machine's clock never fires a timer.
 */
export interface ClockState {
  now: number
  rate: number
}

export interface ClockChange {
  /** New virtual time, epoch milliseconds. */
  now?: number
  /** Added to the virtual time, after `now` if both are given. */
  advanceMs?: number
  /** Virtual milliseconds per real millisecond; 0 freezes the clock. */
  rate?: number
}

export interface RealTime {
  now(): number
  monotonic(): number
}

export class VirtualClock {
  private baseReal: number
  private baseVirtual: number
  private baseRealMonotonic: number
  private baseMonotonic = 0
  private currentRate = 1
  private readonly listeners = new Set<() => void>()

  constructor(
    private readonly real: RealTime,
    start: { now?: number; rate?: number } = {}
  ) {
    this.baseReal = real.now()
    this.baseVirtual = start.now ?? this.baseReal
    this.baseRealMonotonic = real.monotonic()
    if (start.rate !== undefined) this.currentRate = checkedRate(start.rate)
  }

  get rate(): number {
    return this.currentRate
  }

  now(): number {
    return Math.floor(this.baseVirtual + (this.real.now() - this.baseReal) * this.currentRate)
  }

  monotonic(): number {
    return this.baseMonotonic + (this.real.monotonic() - this.baseRealMonotonic) * this.currentRate
  }

  read(): ClockState {
    return { now: this.now(), rate: this.currentRate }
  }

  /** Forward jumps move the timers' time too; a backward jump leaves every timer its remaining wait. */
  change(change: ClockChange): ClockState {
    const rate = change.rate === undefined ? this.currentRate : checkedRate(change.rate)
    const before = this.baseVirtual + (this.real.now() - this.baseReal) * this.currentRate
    const target = checkedNumber(change.now ?? before, 'now') + checkedNumber(change.advanceMs ?? 0, 'advanceMs')
    const jumpMs = target - before
    const monotonic = this.monotonic()
    this.baseReal = this.real.now()
    this.baseVirtual = target
    this.baseRealMonotonic = this.real.monotonic()
    this.baseMonotonic = monotonic + Math.max(0, jumpMs)
    this.currentRate = rate
    for (const listener of this.listeners) listener()
    return this.read()
  }

  onChange(listener: () => void): void {
    this.listeners.add(listener)
  }
}

function checkedNumber(value: number, name: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new RangeError(`clock: ${name} must be a finite number`)
  return value
}

function checkedRate(rate: number): number {
  if (checkedNumber(rate, 'rate') < 0) throw new RangeError('clock: rate must not be negative')
  return rate
}
