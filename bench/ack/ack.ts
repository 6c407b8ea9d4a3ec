import autocannon from 'autocannon'
import { createTestDatabase, type TestDatabase } from '../../test/support/database'
import { eventually } from '../../test/support/eventually'
import { World, type Bot } from '../../test/support/world'
import type { BenchResult, Figure } from '../result'
import { median, quantile } from '../support/statistics'
import type { DoorKeys } from './door'
import { groupMessages } from './events'
import { bareServer, emptyRoute, type Door } from './servers'

const CONNECTIONS = [1, 8, 64]
/** Rounds alternate between the servers, so that what else the machine does meets all of them. */
const ROUNDS = 3
const REQUESTS: Record<number, number> = { 1: 1_500, 8: 3_000, 64: 4_000 }
/** Each server's code is compiled by then. */
const WARM_UP = { connections: 8, requests: 4_000 }

interface Measured {
  perSecond: number
  p99Ms: number
  /** Of the host's process, a request; of a bare server it is not measured. */
  processorMs?: number
}

interface Contender extends Pick<Door, 'url' | 'processorMs'> {
  path: string
  appId: string
}

/** POST of an event until its 200: ours, and four ceilings that do less. */
export async function ack(): Promise<BenchResult> {
  const figures: Figure[] = []
  for (const form of ['plain', 'encrypted'] as const) figures.push(...(await measureForm(form)))
  return { name: 'ack', figures }
}

async function measureForm(form: 'plain' | 'encrypted'): Promise<Figure[]> {
  const world = await World.create()
  const databases: TestDatabase[] = []
  const doors: Door[] = []
  const database = async (): Promise<string> => {
    databases.push(await createTestDatabase())
    return databases.at(-1)!.url
  }
  try {
    await world.startHost()
    const encryptKey = form === 'encrypted' ? 'an encrypt key' : ''
    const bot = await world.hire('webhook', { kind: 'never' }, { encryptKey })
    const keys: DoorKeys = { verificationToken: bot.app.verificationToken, encryptKey }
    doors.push(
      await bareServer(keys),
      await bareServer(keys, await database()),
      await emptyRoute(keys, await database()),
      await emptyRoute(keys, await database(), true)
    )
    const path = `/api/lark/webhook/${bot.integrationId}`
    const ours = { url: world.host.url, processorMs: () => world.host.processorMs() }
    const contenders = [ours, ...doors].map((door) => ({ ...door, path, appId: bot.app.appId }))
    for (const one of contenders) await load(one, keys, WARM_UP.connections, WARM_UP.requests)
    const figures: Figure[] = []
    for (const connections of CONNECTIONS)
      figures.push(
        ...figuresOf(form, connections, await inTurns(contenders, keys, connections, () => drained(world, bot)))
      )
    return figures
  } finally {
    for (const door of doors) await door.stop()
    await world.end()
    for (const one of databases) await one.drop()
  }
}

/** The rows of one round have ended before the next begins. */
const drained = (world: World, { integrationId }: Bot): Promise<unknown> =>
  eventually(
    'every stored event has ended',
    async () => {
      const [row] = await world.database.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM plugin_lark_inbound_event WHERE integration_id = $1 AND ended_at IS NULL`,
        [integrationId]
      )
      return row?.n === 0
    },
    120_000
  )

async function inTurns(
  contenders: readonly Contender[],
  keys: DoorKeys,
  connections: number,
  between: () => Promise<unknown>
): Promise<Measured[]> {
  const rounds: Measured[][] = contenders.map(() => [])
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, one] of contenders.entries()) {
      await between()
      rounds[index]!.push(await load(one, keys, connections, REQUESTS[connections]!))
    }
  }
  return rounds.map((all) => ({
    perSecond: median(all.map(({ perSecond }) => perSecond)),
    p99Ms: median(all.map(({ p99Ms }) => p99Ms)),
    processorMs: median(all.flatMap(({ processorMs }) => processorMs ?? []))
  }))
}

/** Throws where an answer is not 200: it would be a fast one. */
async function load(
  { url, path, appId, processorMs }: Contender,
  keys: DoorKeys,
  connections: number,
  amount: number
): Promise<Measured> {
  const events = groupMessages(amount + connections, appId, keys)
  let next = 0
  const times: number[] = []
  const processorBefore = await processorMs?.()
  const began = performance.now()
  let lastAt = began
  const options: autocannon.Options = {
    url,
    connections,
    amount,
    requests: [
      { method: 'POST', path, setupRequest: (request) => ({ ...request, ...events[next++ % events.length]! }) }
    ]
  }
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const running = autocannon(options, (error, done) => (error ? reject(error as Error) : resolve(done)))
    // Its own clock looks once a second, which is longer than a round.
    running.on('response', (_client, _status, _bytes, responseMs) => {
      times.push(responseMs)
      lastAt = performance.now()
    })
  })
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} answers other than 200, ${result.errors} errors`)
  const measured = { perSecond: times.length / ((lastAt - began) / 1000), p99Ms: quantile(times, 0.99) }
  if (!processorMs) return measured
  return { ...measured, processorMs: ((await processorMs()) - processorBefore!) / times.length }
}

function figuresOf(form: string, connections: number, measured: readonly Measured[]): Figure[] {
  const [ours, bare, inserting, empty, storing] = measured as [Measured, Measured, Measured, Measured, Measured]
  const what = `${form}, ${connections} connection${connections === 1 ? '' : 's'}`
  return [
    { what: `${what}: ours`, value: ours.perSecond, unit: 'requests/s' },
    { what: `${what}: bare server (a)`, value: bare.perSecond, unit: 'requests/s' },
    { what: `${what}: with one INSERT (b)`, value: inserting.perSecond, unit: 'requests/s' },
    { what: `${what}: empty route (c)`, value: empty.perSecond, unit: 'requests/s' },
    { what: `${what}: that route with one INSERT (d)`, value: storing.perSecond, unit: 'requests/s' },
    ...[ours, empty, storing].map((one, index) => ({
      what: `${what}: the host's process, ${['ours', '(c)', '(d)'][index]!}`,
      value: one.processorMs!,
      unit: 'ms a request'
    })),
    { what: `${what}: share of (a)`, value: ours.perSecond / bare.perSecond, unit: '', public: '0.010 to 0.027' },
    { what: `${what}: share of (b)`, value: ours.perSecond / inserting.perSecond, unit: '', goal: { atLeast: 0.4 } },
    { what: `${what}: share of (c)`, value: ours.perSecond / empty.perSecond, unit: '', goal: { atLeast: 0.7 } },
    { what: `${what}: what (d) has of (c)`, value: storing.perSecond / empty.perSecond, unit: '' },
    { what: `${what}: share of (d)`, value: ours.perSecond / storing.perSecond, unit: '' },
    {
      what: `${what}: p99 as a multiple of (c)`,
      value: ours.p99Ms / empty.p99Ms,
      unit: '',
      goal: { atMost: 2 },
      public: '45 to 78 of (a)'
    }
  ]
}
