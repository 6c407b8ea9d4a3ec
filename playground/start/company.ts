import { randomBytes } from 'node:crypto'
import type { LarkSimulator, SimApp, SimChat, SimUser, Transport } from '../lark-simulator/client'
import type { ExpertScript, XpertHost } from '../xpert-host/client'
import { integrate, publishExpert, reach, type Session } from './employ'
import type { Memory, RememberedBot, StateFolder } from './state-folder'

/** A Lark app with its integration and its published Digital Expert. */
export interface Bot {
  transport: Transport
  app: SimApp
  integrationId: string
  expertId: string
}

export interface Company {
  bots: Record<Transport, Bot>
  people: SimUser[]
  group: SimChat
  topics: SimChat
}

interface Wanted {
  transport: Transport
  name: string
  /** Sending the events encrypted is the app's choice; the long connection has no use for it. */
  encrypted: boolean
  /** Beyond the five that the product page asks for: what each adds can be seen by comparing the two bots. */
  moreScopes: string[]
}

const MORE_SCOPES = [
  'cardkit:card:write',
  'im:message:readonly',
  'im:resource',
  'im:chat:readonly',
  'contact:contact.base:readonly',
  'contact:user.base:readonly',
  'contact:group:readonly',
  'application:application:self_manage'
]

const WANTED: readonly Wanted[] = [
  { transport: 'long_connection', name: 'Ada', encrypted: false, moreScopes: MORE_SCOPES },
  { transport: 'webhook', name: 'Bruno', encrypted: true, moreScopes: [] }
]
const PEOPLE = ['Mei', 'Tom', 'Priya']
const GROUP = 'Product team'
const TOPICS = 'Questions'
export const LAST_WORDS = 'That is all I can do.'
const ANSWER = `You said: **{input}**\n\nI am a scripted Digital Expert. I repeat what I am told, a few words at a time. ${LAST_WORDS}`
const SCRIPT = { kind: 'stream', text: ANSWER, everyMs: 40 } as const

/**
 * Makes what is missing: on a second start the host still has integrations and experts, the simulator has nothing. `model`
 * answers instead of the script.
 */
export async function foundCompany(
  simulator: LarkSimulator,
  host: XpertHost,
  state: StateFolder,
  model?: ExpertScript
): Promise<Company> {
  const session = host.login('admin')
  const memory = state.memory()
  const bots: Partial<Record<Transport, Bot>> = {}
  for (const wanted of WANTED) {
    const remembered = memory[wanted.transport]
    const app = remembered ? await simulator.createApp(remembered.app) : await newApp(simulator, wanted)
    bots[wanted.transport] = await employ({ wanted, app, remembered, session, model })
  }
  const { long_connection, webhook } = bots as Record<Transport, Bot>
  webhook.app = await reach(simulator, host, webhook)
  const all = { long_connection, webhook }
  state.remember(all satisfies Memory)
  return { bots: all, ...(await meet(simulator, Object.values(all))) }
}

async function newApp(simulator: LarkSimulator, { transport, name, encrypted, moreScopes }: Wanted): Promise<SimApp> {
  const encryptKey = encrypted ? randomBytes(16).toString('hex') : ''
  const app = await simulator.createApp({ transport, name, encryptKey })
  return simulator.updateApp(app.appId, { scopes: [...app.scopes, ...moreScopes] })
}

async function employ(input: {
  wanted: Wanted
  app: SimApp
  remembered: RememberedBot | undefined
  session: Session
  model?: ExpertScript
}): Promise<Bot> {
  const {
    wanted: { transport, name },
    app,
    remembered,
    session,
    model
  } = input
  if (remembered?.integrationId && remembered.expertId && (await stillThere(session, remembered))) {
    if (model) await session.updateExpertScript(remembered.expertId, model)
    return { transport, app, integrationId: remembered.integrationId, expertId: remembered.expertId }
  }
  const integrationId = await integrate(session, name, app)
  const expertId = await publishExpert(session, { name, integrationId, script: model ?? SCRIPT })
  return { transport, app, integrationId, expertId }
}

/** Both come from one database; it is a new one after --fresh, or where the server could only be temporary. */
async function stillThere(session: Session, { integrationId }: RememberedBot): Promise<boolean> {
  const { status } = await session.request('GET', `/api/integration/${integrationId}`)
  return status === 200
}

async function meet(
  simulator: LarkSimulator,
  bots: readonly Bot[]
): Promise<Pick<Company, 'people' | 'group' | 'topics'>> {
  const people: SimUser[] = []
  for (const name of PEOPLE) people.push(await simulator.createUser({ name }))
  for (const { userId } of people)
    for (const { app } of bots) await simulator.createDirectChat({ userId, appId: app.appId })
  const userIds = people.map(({ userId }) => userId)
  const appIds = bots.map(({ app }) => app.appId)
  const group = await simulator.createGroup({ name: GROUP, userIds, appIds })
  const topics = await simulator.createGroup({ name: TOPICS, mode: 'topic', userIds, appIds })
  return { people, group, topics }
}
