import { eventually } from '../support/eventually'
import { Bot, World } from '../support/world'

const CHATS = 5_000
const FIRST = 500
/** As many at a time as keep the queue busy and the machine responsive. */
const AT_ONCE = 50
const MIB = 1024 * 1024
/** Of what a process remembers on purpose: bounded caches. What grows with the chats would be many times that. */
const GROWTH_MIB = 32

describe('5,000 chats of one bot', () => {
  let world: World
  let bot: Bot

  beforeAll(async () => {
    world = await World.create()
    await world.startHost({ queueSlots: 100 })
    bot = await world.hire('long_connection', { kind: 'stream', text: 'Heard: {input}.', deltas: 2 })
  })

  afterAll(() => world.end())

  const answered = async (): Promise<number> => {
    const [row] = await world.database.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM plugin_lark_inbound_event WHERE state = 'answered' AND reason = 'answered'`
    )
    return row?.n ?? 0
  }
  /** Chats up to this number have written, each once. */
  const write = async (from: number, to: number): Promise<void> => {
    for (let first = from; first < to; first += AT_ONCE) {
      const numbers = Array.from({ length: Math.min(AT_ONCE, to - first) }, (_, index) => first + index)
      await Promise.all(
        numbers.map(async (number) => {
          const { userId } = await world.person(`Person ${number}`)
          await world.lark.say({ userId, appId: bot.app.appId, text: `number ${number}` })
        })
      )
      await eventually('nearly all are answered', async () => (await answered()) >= first - AT_ONCE, 120_000)
    }
    await eventually('all are answered', async () => (await answered()) === to, 120_000)
  }
  const heapMiB = async (): Promise<number> => {
    const { heapUsed, external } = await world.host.memory()
    return (heapUsed + external) / MIB
  }

  it('have a session each, an answer each, and cost the process no memory that stays', async () => {
    await write(0, FIRST)
    const before = await heapMiB()
    await write(FIRST, CHATS)
    const grown = (await heapMiB()) - before
    const [sessions] = await world.database.query<{ n: number }>(`SELECT count(*)::int AS n FROM plugin_lark_session`)
    process.stdout.write(`${CHATS} chats: ${grown.toFixed(1)} MiB more than with ${FIRST}\n`)
    expect(sessions?.n).toBe(CHATS)
    expect(await answered()).toBe(CHATS)
    expect(await world.lark.violations()).toEqual([])
    expect(grown).toBeLessThan(GROWTH_MIB)
  }, 1_800_000)
})
