import { setTimeout as pace } from 'node:timers/promises'
import { RunningPostgres, startPostgres } from '../../playground/postgres'
import { Transport } from '../../playground/lark-simulator/client'
import { eventually } from '../support/eventually'
import { deliverAgain } from '../support/redelivery'
import { Bot, World } from '../support/world'

const ANSWER = { kind: 'stream', text: 'Heard: {input}.', deltas: 8, everyMs: 100 } as const
const TRANSPORTS: readonly Transport[] = ['webhook', 'long_connection']

/** Five messages a second, before, while and after the database is away. */
const EVERY_MS = 200
const BEFORE = 15
const DURING = 10
const AFTER = 15

interface Said {
  text: string
  messageId: string
  chatId: string
}

describe('when PostgreSQL is restarted under load', () => {
  let postgres: RunningPostgres
  let world: World
  let bots: Bot[]

  beforeAll(async () => {
    // Durable: what PostgreSQL has confirmed must survive its immediate shutdown, as it does in production.
    postgres = await startPostgres({ own: true, durable: true })
    world = await World.create('default', postgres.url)
    await world.startHost({ instance: 'first', stalledAfterMs: 2_000 })
    bots = []
    for (const transport of TRANSPORTS) bots.push(await world.hire(transport, ANSWER))
    await world.startHost({ instance: 'second', stalledAfterMs: 2_000 })
  }, 120_000)

  afterAll(async () => {
    await world.end()
    await postgres.stop()
  })

  const write = async (number: number): Promise<Said> => {
    const text = `message ${number}`
    const { userId } = await world.person()
    return { text, ...(await world.lark.say({ userId, appId: bots[number % 2]!.app.appId, text })) }
  }

  const writeMany = async (from: number, count: number): Promise<Said[]> => {
    const said: Promise<Said>[] = []
    for (let number = from; number < from + count; number++) {
      said.push(write(number))
      await pace(EVERY_MS)
    }
    return Promise.all(said)
  }

  it('loses nothing that was acknowledged, stays alive and answers everything afterwards', async () => {
    const before = await writeMany(0, BEFORE)
    const down = postgres.goDown()
    const during = await writeMany(BEFORE, DURING)
    await down
    await postgres.comeBack()
    const after = await writeMany(BEFORE + DURING, AFTER)
    const said = [...before, ...during, ...after]

    const acknowledged = (await world.lark.deliveries()).filter(({ ok, messageId }) => ok && messageId)
    const stored = await eventually('the database answers', () =>
      world.database.query<{ message_id: string }>('SELECT message_id FROM plugin_lark_inbound_event')
    )
    const ids = new Set(stored.map((row) => row.message_id))
    expect(acknowledged.filter(({ messageId }) => !ids.has(messageId!))).toEqual([])
    expect(acknowledged.length).toBeGreaterThan(BEFORE)

    await deliverAgain(world, said.length)
    await eventually(
      'everything is answered',
      async () =>
        (await world.database.query(`SELECT 1 FROM plugin_lark_inbound_event WHERE ended_at IS NULL`)).length === 0,
      120_000
    )
    expect((await Promise.all(said.map((message) => unlike(message)))).flat()).toEqual([])
    for (const host of world.everyHost) {
      expect(host.isRunning).toBe(true)
      expect(host.logs.filter((line) => /unhandled/i.test(line))).toEqual([])
    }
  }, 240_000)

  const unlike = async ({ messageId, chatId, text }: Said): Promise<object[]> => {
    const rows = await world.rows(messageId)
    const answers = (await world.lark.read(chatId)).filter(({ fromBot }) => fromBot).map((answer) => answer.text)
    const isRight = rows.length === 1 && rows[0]?.state === 'answered' && answers.join() === `Heard: ${text}.`
    return isRight ? [] : [{ messageId, text, answers, rows }]
  }
})
