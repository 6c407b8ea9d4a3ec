import { randomBytes } from 'node:crypto'
import type { SimApp, SimChat, SimUser } from '../../lark-simulator/client'
import { integrate, publishExpert, reach } from '../employ'
import type { Servers } from '../servers'
import { NAMED_LISTS } from './named-lists'
import type { BotPart, Scenario } from './scenario'

/** A bot of the scenario: a Lark app, its integration and its published Digital Expert. */
export interface Actor {
  app: SimApp
  integrationId: string
  expertId: string
}

/** Who and what a scenario names, by name. */
export interface Cast {
  people: ReadonlyMap<string, SimUser>
  bots: ReadonlyMap<string, Actor>
  groups: ReadonlyMap<string, SimChat>
}

const CONNECTED_WITHIN_MS = 60_000

/** Makes apps, people, groups and experts; every bot can be reached when this returns. */
export async function assemble(scenario: Scenario, servers: Servers): Promise<Cast> {
  const { simulator } = servers
  const apps = new Map<string, SimApp>()
  for (const part of scenario.bots) apps.set(part.name, await createApp(servers, part))
  const people = new Map<string, SimUser>()
  for (const name of scenario.people) people.set(name, await simulator.createUser({ name }))
  const groups = new Map<string, SimChat>()
  for (const { name, people: members, mode } of scenario.groups) {
    const userIds = members.map((member) => found(people, member).userId)
    groups.set(name, await simulator.createGroup({ name, mode, userIds, appIds: [] }))
  }
  const bots = new Map<string, Actor>()
  for (const part of scenario.bots)
    bots.set(part.name, await employ(servers, { part, app: found(apps, part.name), people, groups }))
  await connect(servers, [...bots.values()])
  // Not before the bots can hear that they were added.
  for (const { name, bots: members } of scenario.groups) {
    const { chatId } = found(groups, name)
    await simulator.changeMembers(chatId, { addAppIds: members.map((member) => found(apps, member).appId) })
  }
  return { people, bots, groups }
}

/** Lets Lark reach the bots through the host that runs now. */
export async function connect({ simulator, host }: Servers, bots: readonly Actor[]): Promise<void> {
  for (const bot of bots) {
    if (bot.app.transport === 'webhook') await reach(simulator, host, bot)
    else await simulator.waitForConnections(bot.app.appId, 1, CONNECTED_WITHIN_MS)
  }
}

/** The checks of the file leave no name that is not there. */
export function found<T>(all: ReadonlyMap<string, T>, name: string): T {
  const one = all.get(name)
  if (one === undefined) throw new Error(`nothing is called ${name}`)
  return one
}

async function createApp({ simulator }: Servers, part: BotPart): Promise<SimApp> {
  const { name, transport, encrypted, scopes } = part
  const app = await simulator.createApp({
    name,
    transport,
    encryptKey: encrypted ? randomBytes(16).toString('hex') : ''
  })
  return scopes ? simulator.updateApp(app.appId, { scopes: [...app.scopes, ...scopes] }) : app
}

interface Employment extends Pick<Cast, 'people' | 'groups'> {
  part: BotPart
  app: SimApp
}

async function employ({ host, simulator }: Servers, { part, app, people, groups }: Employment): Promise<Actor> {
  const session = host.login('admin')
  const integrationId = await integrate(session, part.name, app)
  if (app.transport === 'webhook') await reach(simulator, host, { app, integrationId })
  const ids = {
    people: (name: string) => found(people, name).openIds[app.appId],
    groups: (name: string) => found(groups, name).chatId
  }
  const settings = Object.entries(part.trigger ?? {}).map(([key, value]): [string, unknown] => {
    const what = NAMED_LISTS[key]
    return [key, what ? (value as string[]).map(ids[what]) : value]
  })
  const { name, script } = part
  const expertId = await publishExpert(session, { name, integrationId, script, trigger: Object.fromEntries(settings) })
  return { app, integrationId, expertId }
}
