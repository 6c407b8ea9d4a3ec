import { RealTimers } from './virtual-timers'
import { VirtualClock } from './virtual-clock'

export interface InstalledClock {
  clock: VirtualClock
  real: RealTimers
  realNow(): number
}

// One per process, also when a module loader evaluates these files twice.
const KEY = Symbol.for('playground.clock')
const holder = globalThis as { [KEY]?: InstalledClock }

export const installedClock = (): InstalledClock | undefined => holder[KEY]

export function rememberClock(installed: InstalledClock): void {
  holder[KEY] = installed
}
