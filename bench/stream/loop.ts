import { join } from 'node:path'
import { requestJson } from '../../playground/xpert-host/client/http'
import { ORGANIZATIONS, TENANTS } from '../../playground/xpert-host/seed'
import { manyDeltas } from '../../test/support/answer-load'
import { eventually } from '../../test/support/eventually'
import { World } from '../../test/support/world'
import { pluginFolder } from '../support/plugin-folder'

export interface LoopStart {
  larkUrl: string
  expert: { tenantId: string; organizationId: string; xpertId: string }
  apps: { appId: string; appSecret: string }[]
  /** One answer in each. */
  chats: string[]
}

/** `seconds` from the first dispatch to the last final text; until then it runs, unless there is an error. */
export interface LoopState {
  events: number
  seconds?: number
  error?: string
}

/** The loop in a host that has it in place of the plugin. */
export class Loop {
  private constructor(
    private readonly world: World,
    private readonly folder: { remove(): void }
  ) {}

  static async start(queueSlots: number): Promise<Loop> {
    const folder = pluginFolder(join(__dirname, 'loop-plugin.ts'))
    const world = await World.create()
    await world.startHost({ pluginDir: folder.dir, queueSlots })
    return new Loop(world, folder)
  }

  async run(answers: number, deltas: number, appCount: number): Promise<{ events: number; seconds: number }> {
    const { world } = this
    const { lark } = world
    const expert = await world.admin.createExpert({ name: 'Ada', script: manyDeltas(deltas, 0) })
    const apps = await Promise.all(
      Array.from({ length: appCount }, () => lark.createApp({ transport: 'webhook', name: 'Ada' }))
    )
    const users = await lark.createUsers(Array.from({ length: answers }, (_, index) => ({ name: `Person ${index}` })))
    const chats = await Promise.all(
      users.map(({ userId }, index) => lark.createDirectChat({ userId, appId: apps[index % appCount]!.appId }))
    )
    const start: LoopStart = {
      larkUrl: lark.url,
      expert: { tenantId: TENANTS.default.id, organizationId: ORGANIZATIONS.first.id, xpertId: expert.id },
      apps: apps.map(({ appId, appSecret }) => ({ appId, appSecret })),
      chats: chats.map(({ chatId }) => chatId)
    }
    const url = `${world.host.url}/api/lark/loop`
    await requestJson(url, { method: 'POST', body: start })
    const { events, seconds, error } = await eventually(
      'the loop has shown everything',
      async () => {
        const state = await requestJson<LoopState>(url)
        return (state.seconds !== undefined || state.error !== undefined) && state
      },
      600_000
    )
    if (seconds === undefined) throw new Error(error)
    return { events, seconds }
  }

  async end(): Promise<void> {
    await this.world.end()
    this.folder.remove()
  }
}
