import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TENANTS } from '../../playground/xpert-host/seed'
import { plainEvent, postTo } from '../support/webhook-requests'
import { Bot, World } from '../support/world'

const ANSWER = { kind: 'stream', text: 'You said: {input}. That is the whole answer.', deltas: 4 } as const

/** A package of the plugin's name, so that its configuration is found, around the plugin and its neighbour. */
const packNeighbour = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'neighbour-plugin-'))
  const xpert = { plugin: { level: 'tenant', artifactNamespace: 'lark' } }
  const manifest = { name: '@xpert-ai/plugin-lark', version: '0.0.0', main: './index.js', xpert }
  writeFileSync(join(dir, 'package.json'), JSON.stringify(manifest))
  const entry = join(__dirname, '..', 'fixtures', 'neighbour-plugin.ts')
  writeFileSync(join(dir, 'index.js'), `module.exports = require(${JSON.stringify(entry)})`)
  return dir
}

describe('a plugin of another tenant than the default one', () => {
  let world: World
  let bot: Bot
  const pluginDir = packNeighbour()

  beforeAll(async () => {
    world = await World.create('second')
    await world.startHost({ pluginDir })
    bot = await world.hire('webhook', ANSWER, { encryptKey: 'a key' })
  })

  afterAll(async () => {
    await world.end()
    rmSync(pluginDir, { recursive: true })
  })

  const anonymous = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${world.host.url}/api/lark/${path}`, { method: 'POST', headers })
    return answer.status
  }

  it('answers what Lark sends, although Lark has no user and no tenant', async () => {
    expect(await world.lark.verifyWebhook(bot.app.appId)).toMatchObject({ ok: true, status: 200 })
    const { userId } = await world.person()
    const { messageId, chatId } = await world.lark.say({ userId, appId: bot.app.appId, text: 'hello' })
    await world.lark.waitForMessage(chatId, { fromBot: true, replyTo: messageId, textIncludes: 'whole' })
    const [row] = await world.database.query('SELECT tenant_id FROM plugin_lark_inbound_event')
    expect(row).toEqual({ tenant_id: TENANTS.second.id })
  })

  it('refuses as it does in the default tenant', async () => {
    const post = (id: string) => postTo(world.host.url, { id, body: plainEvent(bot) })
    expect(await post(bot.integrationId)).toMatchObject({ status: 401 })
    expect(await post(randomUUID())).toMatchObject({ status: 404 })
    expect(await post('nonsense')).toMatchObject({ status: 404 })
  })

  it('leaves every other anonymous route to the guard', async () => {
    expect(await anonymous(`neighbour/${bot.integrationId}`)).toBe(403)
    expect(await anonymous(`webhook/${bot.integrationId}/neighbour`)).toBe(403)
  })

  it('leaves a request with an authorization header to the guard', async () => {
    const authorization = 'Bearer nonsense'
    expect(await anonymous(`webhook/${bot.integrationId}`, { authorization })).toBe(403)
    // The stranger's own claim counts: it comes through to the controller, which finds no body.
    const scoped = { authorization, 'tenant-id': TENANTS.second.id }
    expect(await anonymous(`webhook/${bot.integrationId}`, scoped)).toBe(400)
  })
})
