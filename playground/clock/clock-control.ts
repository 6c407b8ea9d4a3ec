import { installedClock } from './clock-registry'
import { RealTimers } from './virtual-timers'
import { ClockChange, ClockState } from './virtual-clock'

export type { ClockChange, ClockState } from './virtual-clock'

/** This process's virtual time; the real time at rate 1 when the preload is absent. */
export function readClock(): ClockState {
  return installedClock()?.clock.read() ?? { now: Date.now(), rate: 1 }
}

/** Shifts this process's clock and re-arms its timers. Throws when the process was started without the preload. */
export function changeClock(change: ClockChange): ClockState {
  const installed = installedClock()
  if (!installed) throw new Error('clock: this process was started without -r ./playground/clock/preload.ts')
  return installed.clock.change(change)
}

/** Timers that ignore the virtual clock, for limits that protect the process itself. */
export function realTimers(): RealTimers {
  return installedClock()?.real ?? { setTimeout, setInterval, clearTimeout, clearInterval }
}

/** Milliseconds of the machine's own clock. */
export function realNow(): number {
  return installedClock()?.realNow() ?? Date.now()
}
