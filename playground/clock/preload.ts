/**
 * Loaded with `-r` before anything else: replaces Date and the timers of this process by ones that `clock-control`
 * can shift. `setImmediate`, `nextTick`, `performance.now` and `process.hrtime` stay real.
 * PLAYGROUND_CLOCK_NOW (epoch ms) and PLAYGROUND_CLOCK_RATE let the process start with a shifted clock.
 */
import { installedClock, rememberClock } from './clock-registry'
import { createVirtualDate } from './virtual-date'
import { RealTimers, createVirtualTimers } from './virtual-timers'
import { VirtualClock } from './virtual-clock'

function install(): void {
  const realNow = Date.now.bind(Date)
  const real: RealTimers = { setTimeout, setInterval, clearTimeout, clearInterval }
  const clock = new VirtualClock(
    { now: realNow, monotonic: () => performance.now() },
    { now: fromEnvironment('PLAYGROUND_CLOCK_NOW'), rate: fromEnvironment('PLAYGROUND_CLOCK_RATE') }
  )
  const { rearm, ...timers } = createVirtualTimers(clock, real)
  clock.onChange(rearm)
  rememberClock({ clock, real, realNow })
  Object.assign(globalThis, timers, { Date: createVirtualDate(Date, clock) })
}

function fromEnvironment(name: string): number | undefined {
  const text = process.env[name]
  if (text === undefined || text === '') return undefined
  const value = Number(text)
  if (!Number.isFinite(value)) throw new RangeError(`${name} must be a number`)
  return value
}

if (!installedClock()) install()
