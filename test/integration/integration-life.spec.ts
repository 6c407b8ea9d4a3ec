import { isDeepStrictEqual } from 'node:util'
import { eventually } from '../support/eventually'
import { Bot, World } from '../support/world'

const ANSWER = { kind: 'stream', text: 'You said: {input}' } as const

describe('the life of an integration on two instances', () => {
  let world: World
  let first: string
  let second: string

  beforeAll(async () => {
    world = await World.create()
    first = (await world.startHost({ instance: 'first' })).url
    second = (await world.startHost({ instance: 'second' })).url
  })

  afterAll(() => world.end())

  const optionsOf = async (id: string) => (await world.admin.getIntegration(id)).options ?? {}

  /** Lark's challenge, signed and encrypted as the console says, at one instance. */
  const answers = async ({ app, integrationId }: Bot, at: string): Promise<number> => {
    await world.lark.updateApp(app.appId, { webhookUrl: `${at}/api/lark/webhook/${integrationId}` })
    return (await world.lark.verifyWebhook(app.appId)).status
  }

  it('takes a new key at once where it was saved, and within 15 s elsewhere', async () => {
    const bot = await world.hire('webhook', ANSWER, { encryptKey: 'the-former-encrypt-key' })
    expect([await answers(bot, first), await answers(bot, second)]).toEqual([200, 200])
    const options = await optionsOf(bot.integrationId)
    // Requests before, during and after the write: none of them may bring the old row back into a cache.
    let saving = true
    const knock = async (): Promise<void> => {
      const url = `${second}/api/lark/webhook/${bot.integrationId}`
      while (saving) await fetch(url, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })
    }
    const knocking = [knock(), knock(), knock()]
    for (const encryptKey of ['a-second-encrypt-key', 'the-newest-encrypt-key']) {
      await world.admin.updateIntegration(bot.integrationId, { options: { ...options, encryptKey } })
      await world.lark.updateApp(bot.app.appId, { encryptKey })
      expect(await answers(bot, second)).toBe(200)
    }
    saving = false
    await Promise.all(knocking)
    await eventually('the other instance takes it', async () => (await answers(bot, first)) === 200, 15_000)
  })

  it('forgets an announced change that was never written', async () => {
    const bot = await world.hire('webhook', ANSWER, { encryptKey: 'a-key-that-stays' })
    const options = await optionsOf(bot.integrationId)
    const { status } = await world.admin.request('PUT', `/api/integration/${bot.integrationId}`, {
      options: { ...options, appSecret: '' }
    })
    expect(status).toBe(400)
    expect(await answers(bot, second)).toBe(200)
  })

  it('opens one door and closes the other when the mode changes', async () => {
    const bot = await world.hire('long_connection', ANSWER)
    const options = await optionsOf(bot.integrationId)
    expect(await answers(bot, second)).toBe(403)
    await world.admin.updateIntegration(bot.integrationId, { options: { ...options, connectionMode: 'webhook' } })
    expect(await answers(bot, second)).toBe(200)
    await world.lark.waitForConnections(bot.app.appId, 0)
    await world.admin.updateIntegration(bot.integrationId, { options })
    const response = await fetch(`${second}/api/lark/webhook/${bot.integrationId}`, { method: 'POST' })
    expect([response.status, await response.json()]).toEqual([
      403,
      { code: 'wrong_mode', message: 'This integration receives its events over the long connection' }
    ])
    await world.lark.waitForConnections(bot.app.appId, 1)
  })

  /** What the plugin keeps of an integration. */
  const leftOf = async ({ integrationId }: Bot) => {
    const count = async (sql: string) =>
      (await world.database.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`, [integrationId]))[0]!.n
    return {
      bindings: await count('plugin_lark_binding WHERE integration_id = $1'),
      talks: await count('plugin_lark_bot_talk WHERE integration_id = $1'),
      sessions: await count('plugin_lark_session WHERE integration_id = $1 AND closed_at IS NULL'),
      users: await count('plugin_lark_user WHERE integration_id = $1'),
      chats: await count('plugin_lark_chat WHERE integration_id = $1')
    }
  }
  const NOTHING = { bindings: 0, talks: 0, sessions: 0, users: 0, chats: 0 }

  /** An integration with somebody who was answered. */
  const inUse = async (): Promise<Bot> => {
    const bot = await world.hire('long_connection', ANSWER)
    const { userId } = await world.person()
    const { messageId, chatId } = await world.lark.say({ userId, appId: bot.app.appId, text: 'hello' })
    await world.lark.waitForMessage(chatId, { fromBot: true, replyTo: messageId, textIncludes: 'hello' })
    await eventually('the sender is recorded', async () => (await leftOf(bot)).chats === 1)
    await world.database.query(`INSERT INTO plugin_lark_bot_talk VALUES ($1, 'oc_bots', $2, 3)`, [
      bot.integrationId,
      bot.expertId
    ])
    expect(await leftOf(bot)).toEqual({ bindings: 1, talks: 1, sessions: 1, users: 1, chats: 1 })
    return bot
  }

  it('ends with nothing left of it', async () => {
    const bot = await inUse()
    // As if somebody had written between the announcement and the deletion.
    await world.database.query(`
      CREATE FUNCTION meanwhile() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO plugin_lark_user (integration_id, tenant_id, open_id, source, last_seen_at)
        VALUES (OLD.id::text, OLD."tenantId"::text, 'ou_late', 'message', now());
        RETURN OLD; END $$;
      CREATE TRIGGER meanwhile BEFORE DELETE ON integration FOR EACH ROW EXECUTE FUNCTION meanwhile()`)
    await world.admin.deleteIntegration(bot.integrationId)
    await eventually('the late one is gone, too', async () => (await leftOf(bot)).users === 0)
    expect(await leftOf(bot)).toEqual(NOTHING)
    await world.lark.waitForConnections(bot.app.appId, 0)
    const gone = await fetch(`${second}/api/lark/webhook/${bot.integrationId}`, { method: 'POST' })
    expect(gone.status).toBe(404)
  })

  it('ends with nothing left of it when nobody said that it ends', async () => {
    const [bot, other] = [await inUse(), await inUse()]
    await world.database.query('DELETE FROM integration WHERE id = $1', [bot.integrationId])
    await world.database.query(`UPDATE plugin_lark_job SET last_run_at = NULL WHERE name = 'removed-integrations'`)
    await world.startHost({ instance: 'third' })
    await eventually('its rows are gone', async () => isDeepStrictEqual(await leftOf(bot), NOTHING))
    expect(await leftOf(other)).toEqual({ bindings: 1, talks: 1, sessions: 1, users: 1, chats: 1 })
  })
})

describe('an integration of which its provider was told that it ends', () => {
  let world: World
  let bot: Bot

  beforeEach(async () => {
    world = await World.create()
    await world.startHost()
    bot = await world.hire('long_connection', ANSWER)
  })

  afterEach(() => world.end())

  const insteadOfDeletion = (what: string) =>
    world.database.query(`
      CREATE FUNCTION instead() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${what}; RETURN NULL; END $$;
      CREATE TRIGGER instead BEFORE DELETE ON integration FOR EACH ROW EXECUTE FUNCTION instead()`)
  const deleted = async () => (await world.admin.request('DELETE', `/api/integration/${bot.integrationId}`)).status

  it('has its expert still, and its connection again, where the host could not delete it', async () => {
    await insteadOfDeletion(`RAISE 'something needs it'`)
    expect(await deleted()).toBe(500)
    await world.lark.waitForConnections(bot.app.appId, 0)
    await world.lark.waitForConnections(bot.app.appId, 1, 25_000)
    const { userId } = await world.person()
    const { messageId } = await world.lark.say({ userId, appId: bot.app.appId, text: 'still there?' })
    await world.ended(messageId, 'answered', 'answered')
  })

  it('has no expert any more where it is another provider’s now', async () => {
    await insteadOfDeletion(`UPDATE integration SET provider = 'other', "updatedAt" = now() WHERE id = OLD.id`)
    expect(await deleted()).toBe(202)
    await eventually('nothing is published on it', async () => {
      const bindings = await world.database.query('SELECT 1 FROM plugin_lark_binding')
      return bindings.length === 0
    })
  })
})
