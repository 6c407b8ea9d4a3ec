import { Transport } from '../../playground/lark-simulator/client'
import { eventually } from '../support/eventually'
import { LoadBalancer } from '../support/load-balancer'
import { Bot, World } from '../support/world'

const ANSWER = { kind: 'stream', text: 'Heard: {input}.', deltas: 2 } as const
const SIX_HOURS_MS = 6 * 60 * 60 * 1000

describe('the same event, again and again, at two instances', () => {
  let world: World
  let balancer: LoadBalancer
  let bot: Bot
  let userId: string
  const experts: string[] = []

  beforeAll(async () => {
    ;[world, balancer] = await Promise.all([World.create(), LoadBalancer.listen()])
    await startBoth()
    bot = await world.hire('webhook', ANSWER, { encryptKey: 'an encrypt key' })
    experts.push(bot.expertId)
    await world.lark.updateApp(bot.app.appId, { webhookUrl: `${balancer.url}/api/lark/webhook/${bot.integrationId}` })
    userId = (await world.person()).userId
  })

  afterAll(async () => {
    await balancer.close()
    await world.end()
  })

  const startBoth = async (): Promise<void> => {
    const hosts = await Promise.all([world.startHost(), world.startHost()])
    balancer.sendTo(hosts.map(({ url }) => url))
  }

  const say = (text: string) => world.lark.say({ userId, appId: bot.app.appId, text })

  const repeat = async (messageId: string, transport?: Transport): Promise<void> => {
    const push = { messageId, appId: bot.app.appId, ...(transport ? { transport } : {}) }
    await world.lark.redeliver({ ...push, times: 5, together: true })
    await world.lark.redeliver({ ...push, times: 5, together: true, newEventId: true })
  }

  const answered = async (messageId: string): Promise<void> => {
    await eventually('the outcome is written', async () => (await world.row(messageId))?.state === 'answered')
  }

  /** However often it came, and wherever: accepted each time, one row, one run, one answer. */
  const expectOne = async (text: string, { messageId, chatId }: { messageId: string; chatId: string }) => {
    await eventually('the queue is empty', async () =>
      (await world.admin.queue()).every(({ waiting, running }) => waiting + running === 0)
    )
    await world.lark.settled()
    const deliveries = await world.lark.deliveries({ messageId })
    const runs = (await Promise.all(experts.map((id) => world.admin.runs(id)))).flat()
    const answers = (await world.lark.read(chatId)).filter(({ replyTo }) => replyTo === messageId)
    expect(deliveries.filter(({ ok }) => !ok)).toEqual([])
    expect(await world.rows(messageId)).toEqual([expect.objectContaining({ state: 'answered' })])
    expect(runs.filter(({ input }) => input === text)).toHaveLength(1)
    expect(answers.map((answer) => answer.text)).toEqual([`Heard: ${text}.`])
  }

  it('is answered once when five of it come at once', async () => {
    await world.lark.addFault({ on: 'delivery', appId: bot.app.appId, duplicate: 4 })
    const said = await say('five at once')
    await answered(said.messageId)

    expect(await world.lark.deliveries({ messageId: said.messageId })).toHaveLength(5)
    await expectOne('five at once', said)
  })

  it('is answered once when it comes again after a restart of both, and 6 hours later', async () => {
    const said = await say('before the restart')
    await answered(said.messageId)
    await Promise.all(world.everyHost.map((host) => host.stop()))
    await startBoth()
    await repeat(said.messageId)
    await expectOne('before the restart', said)

    await world.advance(SIX_HOURS_MS)
    await repeat(said.messageId)
    await expectOne('before the restart', said)
    await expectOne('six hours later', await answeredNow('six hours later'))
  })

  const answeredNow = async (text: string) => {
    const said = await say(text)
    await answered(said.messageId)
    return said
  }

  it('is answered once when it comes over both transports', async () => {
    const { app } = bot
    const options = { appId: app.appId, appSecret: app.appSecret, connectionMode: 'long_connection' }
    const second = await world.admin.createIntegration({ name: 'The same app by socket', options })
    const expert = await world.admin.createExpert({ name: 'Another', script: ANSWER })
    await world.admin.publish(expert.id, { provider: 'lark', config: { integrationId: second.id } })
    experts.push(expert.id)
    await world.lark.waitForConnections(app.appId, 1, 40_000)

    const byWebhook = await say('by webhook first')
    await repeat(byWebhook.messageId, 'long_connection')
    await answered(byWebhook.messageId)
    await repeat(byWebhook.messageId, 'long_connection')
    await expectOne('by webhook first', byWebhook)

    await world.lark.updateApp(app.appId, { transport: 'long_connection' })
    const bySocket = await say('by socket first')
    await repeat(bySocket.messageId, 'webhook')
    await answered(bySocket.messageId)
    await repeat(bySocket.messageId, 'webhook')
    await expectOne('by socket first', bySocket)
  })

  it('is answered once when it comes again after the mode was changed', async () => {
    const said = await answeredNow('before the change')
    const { options } = await world.admin.getIntegration(bot.integrationId)
    const changed = { ...options, connectionMode: 'long_connection' }
    await world.admin.updateIntegration(bot.integrationId, { options: changed })
    await repeat(said.messageId, 'long_connection')
    await expectOne('before the change', said)
  })
})
