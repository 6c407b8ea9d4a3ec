import { eventually } from '../test/support/eventually'
import { inParallel } from '../test/support/in-parallel'
import { World, type Bot } from '../test/support/world'
import type { BenchResult, Figure } from './result'
import { rowLoop } from './support/row-loop'

/** As many as one instance routes at a time. */
const PARALLEL = 64
const CHATS = [50, 500, 5_000]

interface Rate {
  chats: number
  perSecond: number
}

/**
 * Messages a second from Lark to the dispatch of their runs: one message in each of so many chats, an expert that never says a
 * word, so that nothing but the way to the dispatch is measured.
 */
export async function throughput(): Promise<BenchResult> {
  const loop = await rowLoop(PARALLEL, 2_000)
  const figures: Figure[] = [{ what: 'loop: INSERT and UPDATE of the same rows', value: loop, unit: 'messages/s' }]
  for (const instances of [1, 2]) {
    const rates: Rate[] = []
    for (const chats of CHATS) rates.push({ chats, perSecond: await dispatchRate(instances, chats) })
    figures.push(...figuresOf(instances, rates, loop))
  }
  return { name: 'throughput', figures }
}

async function dispatchRate(instances: number, chats: number): Promise<number> {
  const world = await World.create()
  try {
    for (let count = 0; count < instances; count += 1) await world.startHost({ instance: `host-${count}` })
    const bot = await world.hire('long_connection', { kind: 'never' })
    const people = await world.lark.createUsers(
      Array.from({ length: chats }, (_, index) => ({ name: `Person ${index}` }))
    )
    await ask(world, bot, (await world.person('warm')).userId)
    await dispatched(world, 1)
    const began = performance.now()
    await Promise.all(
      inParallel(
        PARALLEL,
        people.map(
          ({ userId }) =>
            () =>
              ask(world, bot, userId)
        )
      )
    )
    await dispatched(world, chats + 1)
    return chats / ((performance.now() - began) / 1000)
  } finally {
    await world.end()
  }
}

const ask = async (world: World, { app }: Bot, userId: string): Promise<void> => {
  await world.lark.say({ userId, appId: app.appId, text: 'hello' })
}

const dispatched = (world: World, count: number): Promise<unknown> =>
  eventually(
    `${count} are dispatched`,
    async () => {
      const [row] = await world.database.query<{ n: number }>(
        'SELECT count(*)::int AS n FROM plugin_lark_turn WHERE dispatched_at IS NOT NULL'
      )
      return row!.n >= count
    },
    600_000
  )

function figuresOf(instances: number, rates: readonly Rate[], loop: number): Figure[] {
  const what = `${instances} instance${instances === 1 ? '' : 's'}`
  const [few] = rates
  const most = rates.at(-1)!
  return [
    ...rates.map(({ chats, perSecond }) => ({ what: `${what}, ${chats} chats`, value: perSecond, unit: 'messages/s' })),
    {
      what: `${what}, ${most.chats} chats: share of the loop`,
      value: most.perSecond / loop,
      unit: '',
      goal: { atLeast: 0.5 },
      public: '40 to 80 messages/s'
    },
    {
      what: `${what}: ${most.chats} chats as a share of ${few!.chats}`,
      value: most.perSecond / few!.perSecond,
      unit: '',
      goal: { atLeast: 0.9 }
    }
  ]
}
