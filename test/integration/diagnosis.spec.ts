import { SimAppPatch } from '../../playground/lark-simulator/client'
import { SCOPES } from '../../src/integration/doctor/scope-table'
import { Bot, World } from '../support/world'

interface Line {
  check: string
  verdict: string
  cause: string
  link: string
}

const ANSWER = { kind: 'stream', text: 'Hello' } as const
const FIVE = SCOPES.flatMap(({ scope, isRequired }) => (isRequired ? [scope] : []))

describe('what an admin reads in Diagnosis', () => {
  let world: World
  let bot: Bot

  beforeAll(async () => {
    world = await World.create()
    await world.startHost()
    bot = await world.hire('long_connection', ANSWER)
    await world.lark.updateApp(bot.app.appId, { scopes: FIVE })
  })

  afterAll(() => world.end())

  /** As after "Check again". */
  const examine = async ({ integrationId }: Bot = bot, headers: Record<string, string> = {}): Promise<Line[]> => {
    await world.admin.viewAction(integrationId, 'lark_integration__diagnosis', 'check_again')
    const path = `/api/lark/${integrationId}/doctor`
    return (await world.admin.request<{ lines: Line[] }>('GET', path, undefined, headers)).body.lines
  }

  const during = async <T>(patch: SimAppPatch, work: () => Promise<T>): Promise<T> => {
    const before = (await world.lark.apps()).find(({ appId }) => appId === bot.app.appId)!
    await world.lark.updateApp(bot.app.appId, patch)
    try {
      return await work()
    } finally {
      await world.lark.updateApp(bot.app.appId, before)
    }
  }

  it('is calm about an app that has just what the product page asks for', async () => {
    expect(FIVE).toHaveLength(5)
    const permissions = (await examine()).filter(({ check }) => check.startsWith('scope:'))
    expect(permissions.map(({ verdict }) => verdict).sort()).toEqual([
      ...Array.from({ length: 5 }, () => 'ok'),
      ...Array.from({ length: 8 }, () => 'optional')
    ])
    const { body } = await world.admin.viewData<{ items: Line[] }>(bot.integrationId, 'lark_integration__diagnosis')
    const shown = body.items.filter(({ check }) => check?.startsWith('scope:')).map(({ verdict }) => verdict)
    expect([...new Set(shown)].sort()).toEqual(['OK', 'Optional'])
  })

  it('is what to mend first, of all that needs the app’s token', async () => {
    const lines = await during({ appSecret: 'another-secret-of-the-console' }, () => examine())
    const unknown = lines.filter(({ verdict, check }) => verdict === 'unknown' && check !== 'last_click')
    expect(unknown.map(({ check }) => check)).toEqual(
      expect.arrayContaining(['region', 'bot', 'scopes', 'version', 'availability', 'consumers', 'clock', 'quota'])
    )
    expect([...new Set(unknown.map(({ cause }) => cause))]).toEqual(['Not checked: first mend App ID and App Secret.'])
  })
})
