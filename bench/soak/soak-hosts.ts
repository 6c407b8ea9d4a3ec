import { LoadBalancer } from '../../test/support/load-balancer'
import type { World } from '../../test/support/world'
import type { XpertHost } from '../../playground/xpert-host/client'

const CONNECTIONS_OF = 'soak-host'
const STALLED_AFTER_MS = 2_000

/** Two hosts behind a load balancer: one that lives to the end, and one that is killed again and again. */
export class SoakHosts {
  /** Errors that nobody caught, of all hosts. */
  readonly unhandled: string[] = []
  steady!: XpertHost
  private mortal!: XpertHost
  private started = 0

  private constructor(
    private readonly world: World,
    private readonly balancer: LoadBalancer
  ) {}

  static async start(world: World): Promise<SoakHosts> {
    const hosts = new SoakHosts(world, await LoadBalancer.listen())
    hosts.mortal = await hosts.next()
    hosts.steady = await hosts.next()
    hosts.balance()
    return hosts
  }

  /** Of the load balancer. */
  get url(): string {
    return this.balancer.url
  }

  /** Requests still go to the dead one until its successor is there, as behind a health check that is slow. */
  async killAndReplace(): Promise<void> {
    await this.mortal.kill('SIGKILL')
    this.mortal = await this.next()
    this.balance()
  }

  /** Ends the connections of the hosts whose last statement was the plugin's, in the middle of it or not. */
  async cutDatabase(): Promise<void> {
    await this.world.database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = $1 AND query LIKE '%plugin_lark_%'`,
      [CONNECTIONS_OF]
    )
  }

  end(): Promise<void> {
    return this.balancer.close()
  }

  private balance(): void {
    this.balancer.sendTo([this.steady.url, this.mortal.url])
  }

  private next(): Promise<XpertHost> {
    this.started += 1
    return this.world.startHost({
      instance: `host-${this.started}`,
      stalledAfterMs: STALLED_AFTER_MS,
      env: { PGAPPNAME: CONNECTIONS_OF },
      onLog: (line) => {
        if (/unhandled|uncaught/i.test(line)) this.unhandled.push(line)
      }
    })
  }
}
