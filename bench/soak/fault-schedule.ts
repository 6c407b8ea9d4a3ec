import { setTimeout as pace } from 'node:timers/promises'
import type { Fault } from '../../playground/lark-simulator/client'
import type { World } from '../../test/support/world'
import type { SoakHosts } from './soak-hosts'
import type { Voices } from './voices'

const EACH_LASTS_MS = 10_000

interface Trouble {
  what: string
  begin(): Promise<unknown>
}

/** One trouble after the other, from the beginning again when all have been. */
export class FaultSchedule {
  current = 'none'
  private readonly troubles: readonly Trouble[]

  constructor(
    private readonly world: World,
    hosts: SoakHosts,
    { bots }: Voices
  ) {
    const dropConnections = (): Promise<unknown> =>
      Promise.all(bots.map(({ app }) => world.lark.closeConnections(app.appId, { terminate: true })))
    this.troubles = [
      this.fault('doubled deliveries', { on: 'delivery', duplicate: 1, times: -1 }),
      this.fault('deliveries in another order', { on: 'delivery', reorder: true, times: 10 }),
      this.fault('acknowledgements lost', { on: 'delivery', dropAck: true, times: 10 }),
      this.fault('a slow Lark', { on: 'api', delayMs: 1_500, times: -1 }),
      this.fault('Lark answers 502', { on: 'api', status: 502, times: -1 }),
      this.fault('Lark limits the rate', { on: 'api', rateLimited: true, times: 30 }),
      this.fault('answers of Lark lost', { on: 'api', drop: 'after', times: 20 }),
      { what: 'long connections dropped', begin: dropConnections },
      { what: 'database connections ended', begin: () => hosts.cutDatabase() },
      { what: 'a host killed and replaced', begin: () => hosts.killAndReplace() },
      { what: 'none', begin: () => Promise.resolve() }
    ]
  }

  async run(over: AbortSignal): Promise<void> {
    for (let number = 0; !over.aborted; number += 1) {
      const { what, begin } = this.troubles[number % this.troubles.length]!
      this.current = what
      await begin()
      await pace(EACH_LASTS_MS)
      await this.world.lark.clearFaults()
    }
    this.current = 'none'
  }

  private fault(what: string, fault: Fault): Trouble {
    return { what, begin: () => this.world.lark.addFault(fault) }
  }
}
