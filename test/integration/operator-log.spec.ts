import { userIdOf } from '../../playground/xpert-host/seed'
import { eventually } from '../support/eventually'
import { Bot, World } from '../support/world'

const FAILS = { kind: 'fail', message: 'the model is gone' } as const

describe('what an operator finds in the log', () => {
  let world: World

  beforeAll(async () => {
    world = await World.create()
    await world.startHost()
  })

  afterAll(() => world.end())

  const lines = (...parts: string[]): string[] =>
    world.host.logs.flatMap((text) => text.split('\n')).filter((line) => parts.every((part) => line.includes(part)))

  const ask = async (bot: Bot, text: string) => {
    const { userId } = await world.person()
    return world.lark.say({ userId, appId: bot.app.appId, text })
  }

  it('is which version runs, and as which instance', async () => {
    const [row] = await world.database.query<{ id: string }>('SELECT id FROM plugin_lark_instance')
    const found = lines('Lark:plugin', 'the plugin starts version=')
    expect(found).toEqual([expect.stringMatching(new RegExp(`version=\\d+\\.\\d+\\.\\d+\\S* instance=${row!.id}`))])
  })

  describe('of an answer that failed', () => {
    let bot: Bot

    beforeAll(async () => {
      bot = await world.hire('webhook', FAILS)
    })

    /** All that was said of it at level error, once its row has ended. */
    const failed = async (messageId: string, reason: string): Promise<string> => {
      const row = await eventually('it failed', async () => {
        const found = await world.row(messageId)
        return found?.state === 'failed' ? found : null
      })
      expect(row.reason).toBe(reason)
      const [line, ...more] = await eventually('it is logged', async () => {
        const found = lines('ended as failed', messageId)
        return found.length > 0 ? found : null
      })
      expect(more).toEqual([])
      expect(line).toContain('ERROR')
      for (const fact of [`reason=${reason}`, `integration=${bot.integrationId}`, `event=${row.id}`])
        expect(line).toContain(fact)
      return line!
    }

    it('is one line with everything that leads to it, and no text', async () => {
      const { messageId, chatId } = await ask(bot, 'a secret question')
      const line = await failed(messageId, 'run_failed')
      const [turn] = await world.database.query<{ id: string; execution_id: string }>(
        `SELECT id, execution_id FROM plugin_lark_turn WHERE anchor_message_id = $1`,
        [messageId]
      )
      for (const fact of [
        `message=${messageId}`,
        `turn=${turn!.id}`,
        `execution=${turn!.execution_id}`,
        `chat=${chatId}`
      ])
        expect(line).toContain(fact)
      expect(line).not.toMatch(/secret question|the model is gone/)
    })

    it('is one line where Lark takes the answer in no form', async () => {
      await world.lark.addFault({ on: 'api', api: 'im.message.reply', code: 230002, status: 400, msg: 'no', times: -1 })
      const { messageId } = await ask(bot, 'nobody hears this')
      await failed(messageId, 'delivery_failed')
      await world.lark.clearFaults()
    })
  })

  describe('of a long connection', () => {
    let bot: Bot

    beforeAll(async () => {
      bot = await world.hire('long_connection', FAILS)
    })

    const said = (sentence: string): string[] => lines('Lark:long-connection', sentence, bot.integrationId)

    it('is that it is up, lost, and up again', async () => {
      await eventually('it is up', async () => said('is up').length === 1)
      await world.lark.closeConnections(bot.app.appId)
      await eventually('it is up again', async () => said('is up').length === 2)
      const [lost, ...more] = said('is lost')
      expect(lost).toMatch(/WARN.* reason=closed nextInSeconds=1/)
      expect(more).toEqual([])
    })

    it('is who disconnected and connected it', async () => {
      const user = `user=${userIdOf('admin', 'default')}`
      for (const wish of ['disconnect', 'connect', 'reconnect'] as const) {
        expect((await world.admin.request('POST', `/api/lark/${bot.integrationId}/${wish}`)).status).toBe(202)
        const logged = () => said(`an administrator ${wish}s a long connection`)
        await eventually('it is logged', async () => logged().length > 0)
        expect(logged()).toEqual([expect.stringContaining(user)])
      }
    })
  })
})
