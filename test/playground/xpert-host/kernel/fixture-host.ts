import { join } from 'node:path'
import { XpertHost, type HostOptions, type Session } from '../../../../playground/xpert-host/client'
import { createTestDatabase, type TestDatabase } from '../../../support/database'

export interface FixtureCall {
  name: string
  detail?: Record<string, unknown>
}

/** A host with the fixture plugin on a database of its own, or on the one given. */
export class FixtureHost {
  private constructor(
    readonly host: XpertHost,
    readonly database: TestDatabase,
    private readonly ownsDatabase: boolean
  ) {}

  static async start(options: Partial<HostOptions> = {}, database?: TestDatabase): Promise<FixtureHost> {
    const used = database ?? (await createTestDatabase())
    const host = await XpertHost.spawn({
      databaseUrl: used.url,
      pluginDir: join(__dirname, '../fixture-plugin'),
      env: { LOG_LEVEL: 'warn', ...options.env },
      ...options
    })
    return new FixtureHost(host, used, database === undefined)
  }

  async end(): Promise<void> {
    await this.host.kill('SIGKILL')
    if (this.ownsDatabase) await this.database.drop()
  }

  /** What the host called of the plugin since `forget`, in order. */
  async calls(...names: string[]): Promise<FixtureCall[]> {
    const response = await fetch(`${this.host.url}/api/fixture/calls`)
    const calls = ((await response.json()) as FixtureCall[]).slice(this.forgotten)
    return names.length ? calls.filter(({ name }) => names.includes(name)) : calls
  }

  private forgotten = 0

  async forget(): Promise<void> {
    this.forgotten += (await this.calls()).length
  }

  /** Lets the plugin call a host service, inside the request or as a timer of its own would. */
  async service<T>(
    as: Session,
    token: string,
    method: string,
    args: unknown[],
    background = false
  ): Promise<{ result?: T; refused?: string }> {
    const { status, body } = await as.request<{ result: T; message: string }>('POST', '/api/fixture/service', {
      token,
      method,
      args,
      background
    })
    return status < 300 ? { result: body.result } : { refused: body.message }
  }
}
