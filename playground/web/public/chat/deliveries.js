import { simulator } from './simulator.js'

/** How events reach the bots: the simulator's faults behind one switch. */
const FAULTS = {
  normal: undefined,
  slow: { delayMs: 2000 },
  doubled: { duplicate: 1 },
  lost: { dropAck: true },
  reordered: { reorder: true }
}

export const DELIVERIES = Object.keys(FAULTS)

export async function chooseDelivery(name) {
  await simulator.clearFaults()
  if (FAULTS[name]) await simulator.addFault({ on: 'delivery', times: -1, ...FAULTS[name] })
}

/** The one that is on, also after the page was loaded again. */
export async function currentDelivery() {
  const faults = await simulator.faults()
  const isOn = (name) =>
    Object.keys(FAULTS[name] ?? {}).some((key) => faults.some(({ fault }) => fault.on === 'delivery' && key in fault))
  return DELIVERIES.find(isOn) ?? 'normal'
}
