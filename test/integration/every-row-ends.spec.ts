import { eventually } from '../support/eventually'
import { watchInboxMoves, wrongInboxMoves } from '../support/inbox-moves'
import { Bot, World } from '../support/world'

const ANSWER = { kind: 'stream', text: 'You said: {input}. That is the whole answer.', deltas: 4 } as const

describe('every accepted event comes to an end', () => {
  let world: World

  beforeEach(async () => {
    world = await World.create()
    await world.startHost()
    await watchInboxMoves(world.database)
  })

  afterEach(async () => {
    expect(await wrongInboxMoves(world.database)).toEqual([])
    await world.end()
  })

  const ended = async (messageId: string, state: string, reason: string): Promise<void> => {
    await world.ended(messageId, state, reason)
    const said = () =>
      world.everyHost
        .flatMap(({ logs }) => logs.flatMap((text) => text.split('\n')))
        .filter((line) => line.includes('ended as failed') && line.includes(messageId))
    const expected = state === 'failed' ? [expect.stringContaining(`reason=${reason}`) as string] : []
    await eventually('the log says as much', async () => said().length >= expected.length)
    expect(said()).toEqual(expected)
  }
  /** As if the events of this app had been accepted, and its runs begun, that long ago. */
  const age = async (interval: string): Promise<void> => {
    await world.database.query(`UPDATE plugin_lark_inbound_event SET received_at = received_at - $1::interval`, [
      interval
    ])
    await world.database.query(`UPDATE plugin_lark_run_event SET received_at = received_at - $1::interval`, [interval])
    await world.database.query(`UPDATE plugin_lark_turn SET dispatched_at = dispatched_at - $1::interval`, [interval])
  }
  /** As if so many attempts had been made in vain. */
  const tried = (attempts: number) =>
    world.database.query(`UPDATE plugin_lark_inbound_event SET attempts = $1`, [attempts])
  /** False while it is looked at. */
  const putOff = async (by: string) => {
    const rows = await world.database.query(
      `UPDATE plugin_lark_inbound_event SET available_at = now() + $1::interval WHERE state = 'received' RETURNING id`,
      [by]
    )
    return rows.length === 1
  }
  const forgetCached = () => world.host.changeClock({ advanceMs: 60_000 })
  const say = async (bot: Bot, text: string) => {
    const { userId } = await world.person()
    return { userId, ...(await world.lark.say({ userId, appId: bot.app.appId, text })) }
  }

  it('when nobody has published an expert', async () => {
    const bot = await world.hire('webhook', ANSWER)
    await world.admin.unpublish(bot.expertId)
    const { messageId } = await say(bot, 'anybody?')
    await eventually('the row is there', async () => (await world.row(messageId))?.state === 'received')
    await age('16 seconds')
    await ended(messageId, 'refused', 'not_published')
  })

  it('when the integration can no longer be used', async () => {
    const bot = await world.hire('webhook', ANSWER)
    await world.database.query('ALTER TABLE plugin_lark_binding RENAME TO elsewhere')
    const { messageId } = await say(bot, 'anybody?')
    await eventually('the row is there', async () => (await world.row(messageId)) !== undefined)
    await world.database.query(`UPDATE integration SET options = '{}'`)
    await world.host.changeClock({ advanceMs: 60_000 })
    await world.database.query('ALTER TABLE elsewhere RENAME TO plugin_lark_binding')
    await ended(messageId, 'refused', 'integration_unusable')
    const tab = await world.admin.viewData(bot.integrationId, 'lark_integration__messages')
    expect(tab).toMatchObject({ status: 409, body: { message: expect.stringContaining('Test names the field') } })
  })

  it('when the integration can not be read for a while: it is answered then, however few attempts it had left', async () => {
    const bot = await world.hire('webhook', ANSWER)
    await world.database.query('ALTER TABLE plugin_lark_binding RENAME TO elsewhere')
    const { messageId, chatId } = await say(bot, 'anybody?')
    await eventually('it is put off', () => putOff('1 hour'))
    await world.host.fault('integration-reads', 'fail')
    await forgetCached()
    await tried(7)
    await world.database.query('ALTER TABLE elsewhere RENAME TO plugin_lark_binding')
    await putOff('-1 second')
    await eventually('it was looked at', async () => {
      const [row] = await world.database.query<{ isPutOff: boolean }>(
        `SELECT available_at > now() AS "isPutOff" FROM plugin_lark_inbound_event`
      )
      return row!.isPutOff
    })
    await world.host.fault('integration-reads', 'ok')
    await world.lark.waitForMessage(chatId, { fromBot: true, replyTo: messageId, textIncludes: 'whole' })
    await ended(messageId, 'answered', 'answered')
  })

  it('when the integration that may answer can not be read for ten minutes', async () => {
    const bot = await world.hire('webhook', ANSWER)
    const { options } = await world.admin.getIntegration(bot.integrationId)
    const other = await world.admin.createIntegration({ name: 'The same app', options: options ?? {} })
    const webhookUrl = `${world.host.url}/api/lark/webhook/${other.id}`
    await world.lark.updateApp(bot.app.appId, { webhookUrl })
    await world.database.query('ALTER TABLE plugin_lark_binding RENAME TO elsewhere')
    const { messageId } = await say(bot, 'anybody?')
    await eventually('it is put off', () => putOff('1 hour'))
    await world.host.fault('integration-reads', 'fail')
    await forgetCached()
    await age('11 minutes')
    await tried(7)
    await world.database.query('ALTER TABLE elsewhere RENAME TO plugin_lark_binding')
    await putOff('-1 second')
    await ended(messageId, 'failed', 'integration_unreadable')
    await world.host.fault('integration-reads', 'ok')
  })

  it('when the integration is deleted while its expert answers, and the turn with it', async () => {
    const bot = await world.hire('webhook', { kind: 'never' })
    const { messageId } = await say(bot, 'anybody?')
    await eventually('the run goes on', async () => (await world.row(messageId))?.state === 'attached')
    await world.admin.deleteIntegration(bot.integrationId)
    await ended(messageId, 'dropped', 'integration_removed')
    expect((await world.row(messageId))?.payload).toBeNull()
    const [turn] = await world.database.query<{ state: string; messages: { text?: string }[] }>(
      'SELECT state, messages FROM plugin_lark_turn'
    )
    expect(turn).toMatchObject({ state: 'ended', messages: [{ messageId }] })
    expect(turn?.messages[0]).not.toHaveProperty('text')
  })

  describe('when the integration can no longer be used while its expert answers', () => {
    let options: unknown
    const setOptions = (value: unknown) => world.database.query(`UPDATE integration SET options = $1`, [value])
    const asked = async (bot: Bot) => {
      const said = await say(bot, 'anybody?')
      await eventually('the run goes on', async () => (await world.row(said.messageId))?.state === 'attached')
      options = (await world.admin.getIntegration(bot.integrationId)).options
      await setOptions({})
      await forgetCached()
      return said
    }

    it('and the host has forgotten the run: the session is free, and once it is mended the person reads why', async () => {
      const bot = await world.hire('webhook', { kind: 'never' })
      const { messageId, userId } = await asked(bot)
      await eventually('the run was heard', async () => {
        const events = await world.database.query(`SELECT 1 FROM plugin_lark_run_event`)
        return events.length > 0
      })
      // Whatever of it is still on its way becomes old, too.
      await eventually('the run counts as lost', async () => {
        await age('12 minutes')
        return (await world.row(messageId))?.state !== 'attached'
      })
      await ended(messageId, 'failed', 'integration_unusable')
      expect((await world.row(messageId))?.payload).not.toBeNull()
      await setOptions(options)
      await forgetCached()
      await world.admin.updateExpertScript(bot.expertId, ANSWER)
      const next = await world.lark.say({ userId, appId: bot.app.appId, text: 'and now?' })
      await ended(next.messageId, 'answered', 'answered')
      await world.lark.waitForMessage(next.chatId, { fromBot: true, replyTo: messageId, textIncludes: 'settings' })
    })

    it('and its answer had begun: once it is mended the card says so below what was there, and no reaction is left', async () => {
      const words = Array.from({ length: 600 }, (_, index) => `word ${index}`).join(' ')
      const bot = await world.hire('webhook', { kind: 'stream', text: words, everyMs: 100 })
      const { messageId, chatId } = await say(bot, 'tell me')
      const growing = await world.lark.waitForMessage(chatId, { fromBot: true, textIncludes: 'word 3' })
      options = (await world.admin.getIntegration(bot.integrationId)).options
      await setOptions({})
      await forgetCached()
      await eventually('the run counts as lost', async () => {
        await age('12 minutes')
        return (await world.row(messageId))?.state !== 'attached'
      })
      await ended(messageId, 'failed', 'integration_unusable')
      await eventually('its card was looked at in vain', async () => {
        const looked = await world.database.query(
          `UPDATE plugin_lark_turn SET deadline = now() WHERE close_due AND deadline IS NOT NULL RETURNING id`
        )
        return looked.length > 0
      })
      await setOptions(options)
      await forgetCached()
      await world.lark.waitForMessage(chatId, { fromBot: true, replyTo: messageId, textIncludes: 'settings' })
      const messages = await world.lark.read(chatId)
      const [answer, ...others] = messages.filter(({ fromBot }) => fromBot)
      expect(answer).toMatchObject({ messageId: growing.messageId, card: { streaming: false, buttons: [] } })
      expect(answer?.text).toContain('word 3')
      expect(others).toEqual([])
      await eventually('no reaction is left', async () => {
        const asked = (await world.lark.read(chatId)).find((message) => message.messageId === messageId)
        return asked?.reactions.length === 0
      })
    })

    it('and its sender has taken the message back', async () => {
      const bot = await world.hire('webhook', { kind: 'never' })
      const { messageId } = await asked(bot)
      await world.database.query(
        `UPDATE plugin_lark_turn SET stop_reason = 'recalled', stopped_at = now() - interval '21 seconds'`
      )
      await ended(messageId, 'dropped', 'recalled')
    })

    it('and it is mended before anybody gave the answer up', async () => {
      const bot = await world.hire('webhook', { ...ANSWER, silentMs: 3_000 })
      const { messageId, chatId } = await asked(bot)
      await eventually('the run is over', async () => {
        const runs = await world.admin.runs(bot.expertId)
        return runs.length === 1 && runs.every(({ endedAt }) => endedAt)
      })
      expect(await world.row(messageId)).toMatchObject({ state: 'attached' })
      await setOptions(options)
      await forgetCached()
      await world.lark.waitForMessage(chatId, { fromBot: true, replyTo: messageId, textIncludes: 'whole' })
      await ended(messageId, 'answered', 'answered')
    })
  })

  it('when the integration is deleted and what ends its turns failed', async () => {
    const bot = await world.hire('webhook', { ...ANSWER, silentMs: 3_000 })
    const { messageId } = await say(bot, 'anybody?')
    await eventually('the run goes on', async () => (await world.row(messageId))?.state === 'attached')
    await world.database.query(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not now'; END $$;
      CREATE TRIGGER refuse BEFORE UPDATE OF closed_at ON plugin_lark_session FOR EACH ROW EXECUTE FUNCTION refuse()`)
    await world.admin.deleteIntegration(bot.integrationId)
    await ended(messageId, 'dropped', 'integration_removed')
  })

  /** All that a run says which never says a word: what came later would be a sign of life. */
  const begun = (attempt: number) =>
    eventually('the run has begun', async () => {
      const events = await world.database.query(
        `SELECT 1 FROM plugin_lark_run_event event JOIN plugin_lark_turn turn ON turn.attempt = event.attempt
         WHERE attempt_number = $1 AND dispatched_at IS NOT NULL`,
        [attempt]
      )
      return events.length === 3
    })

  it('when the host has forgotten the run before its first word: it is asked for once more', async () => {
    const bot = await world.hire('webhook', { kind: 'never' })
    const lost = await say(bot, 'the lost one')
    await world.lark.waitForMessage(lost.chatId, { fromBot: true, replyTo: lost.messageId })
    await begun(1)
    await world.admin.updateExpertScript(bot.expertId, ANSWER)
    await age('16 minutes')
    await world.lark.waitForMessage(lost.chatId, { fromBot: true, replyTo: lost.messageId, textIncludes: 'whole' })
    await ended(lost.messageId, 'answered', 'answered')
    expect((await world.lark.read(lost.chatId)).filter(({ fromBot }) => fromBot)).toHaveLength(1)
  })

  it('when the host has forgotten the run twice: the person is told, and the next message is answered', async () => {
    const bot = await world.hire('webhook', { kind: 'never' })
    const { userId } = await world.person()
    const lost = await world.lark.say({ userId, appId: bot.app.appId, text: 'the lost one' })
    await world.lark.waitForMessage(lost.chatId, { fromBot: true, replyTo: lost.messageId })
    const next = await world.lark.say({ userId, appId: bot.app.appId, text: 'the next one' })
    await eventually('the next one waits', async () => (await world.row(next.messageId))?.state === 'attached')
    await begun(1)
    await age('16 minutes')
    await begun(2)
    await world.admin.updateExpertScript(bot.expertId, ANSWER)
    await age('16 minutes')
    await world.lark.waitForMessage(lost.chatId, {
      fromBot: true,
      replyTo: lost.messageId,
      textIncludes: 'The server lost this question'
    })
    await ended(lost.messageId, 'failed', 'run_lost')
    await world.lark.waitForMessage(lost.chatId, { fromBot: true, replyTo: next.messageId, textIncludes: 'whole' })
    await ended(next.messageId, 'answered', 'answered')
  })

  it('when a text has what PostgreSQL refuses', async () => {
    const text = `${'😀'.repeat(9)} You said: {input}. That is the whole answer.`
    const bot = await world.hire('webhook', { kind: 'stream', text, deltas: 40 })
    const { messageId, chatId } = await say(bot, 'zero \u0000 and half \ud83d end')
    const answer = await world.lark.waitForMessage(chatId, {
      fromBot: true,
      replyTo: messageId,
      textIncludes: 'answer.'
    })
    await ended(messageId, 'answered', 'answered')
    expect(answer.text).toMatch(/^😀{9} You said: zero {1,2}and half . end\. That is the whole answer\.$/u)
  })

  it('when a name has what PostgreSQL refuses', async () => {
    const bot = await world.hire('webhook', { kind: 'stream', text: 'Read.' })
    const [writer, other] = [await world.person('half \ud83d'), await world.person('zero \u0000 too')]
    const content = { file_key: 'file_\ud83d', file_name: 'zero \u0000 and half \ud83d.pdf' }
    const file = await world.lark.say({ userId: writer.userId, appId: bot.app.appId, msgType: 'file', content })
    await ended(file.messageId, 'answered', 'answered')

    const userIds = [writer.userId, other.userId]
    const { chatId } = await world.lark.createGroup({ name: 'Team', userIds, appIds: [bot.app.appId] })
    const text = `@Ada greet @${other.name} and @${writer.name}`
    const named = await world.lark.say({ userId: writer.userId, chatId, text })
    await ended(named.messageId, 'answered', 'answered')
    expect(await world.database.query('SELECT DISTINCT attempts FROM plugin_lark_inbound_event')).toEqual([
      { attempts: 1 }
    ])
  })
})

describe('two integrations of one app', () => {
  let world: World

  beforeEach(async () => {
    world = await World.create()
    await world.startHost()
    await watchInboxMoves(world.database)
  })

  afterEach(async () => {
    expect(await wrongInboxMoves(world.database)).toEqual([])
    await world.end()
  })

  /** Lark sends everything to one that is not published. */
  const receiveElsewhere = async (bot: Bot) => {
    const { options } = await world.admin.getIntegration(bot.integrationId)
    const unbound = await world.admin.createIntegration({
      name: 'Ada again',
      options: options as Record<string, unknown>
    })
    await world.lark.updateApp(bot.app.appId, { webhookUrl: `${world.host.url}/api/lark/webhook/${unbound.id}` })
  }

  it('take each other’s clicks', async () => {
    const bot = await world.hire('webhook', {
      kind: 'interrupt',
      tool: 'send_mail',
      args: { to: 'mei@example.com' },
      approvedText: 'The mail is sent.',
      rejectedText: 'The mail was not sent.'
    })
    await receiveElsewhere(bot)
    const { userId } = await world.person()
    const { messageId, chatId } = await world.lark.say({ userId, appId: bot.app.appId, text: 'write to Mei' })
    const asked = await world.lark.waitForMessage(chatId, { fromBot: true, textIncludes: 'send_mail' })
    const pressed = await world.lark.press({ userId, messageId: asked.messageId, button: 'Confirm' })
    expect(pressed.toast?.type).toBe('success')
    await world.lark.waitForMessage(chatId, { fromBot: true, textIncludes: 'The mail is sent.' })
    await eventually('the outcome is written', async () => (await world.row(messageId))?.state === 'answered')
  })

  it('answer through the one that is published, whichever took the event', async () => {
    const bot = await world.hire('webhook', ANSWER)
    await receiveElsewhere(bot)
    const { userId } = await world.person()
    const { messageId, chatId } = await world.lark.say({ userId, appId: bot.app.appId, text: 'who takes it?' })
    await world.lark.waitForMessage(chatId, { fromBot: true, replyTo: messageId, textIncludes: 'whole' })
    const rows = await world.database.query<{ integration_id: string }>(
      'SELECT integration_id FROM plugin_lark_inbound_event WHERE message_id = $1',
      [messageId]
    )
    expect(rows).toEqual([{ integration_id: bot.integrationId }])
  })
})
