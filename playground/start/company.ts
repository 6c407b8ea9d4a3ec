import { randomBytes } from 'node:crypto'
import type { LarkSimulator, SimApp, SimChat, SimUser, Transport } from '../lark-simulator/client'
import type { XpertHost } from '../xpert-host/client'
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
}

interface Wanted {
  transport: Transport
  name: string
  /** Sending the events encrypted is the app's choice; the long connection has no use for it. */
  encrypted: boolean
}

const WANTED: readonly Wanted[] = [
  { transport: 'long_connection', name: 'Ada', encrypted: false },
  { transport: 'webhook', name: 'Bruno', encrypted: true }
]
const PEOPLE = ['Mei', 'Tom', 'Priya']
const GROUP = 'Product team'
export const LAST_WORDS = 'That is all I can do.'
const ANSWER = `You said: **{input}**\n\nI am a scripted Digital Expert. I repeat what I am told, a few words at a time. ${LAST_WORDS}`
const SCRIPT = { kind: 'stream', text: ANSWER, everyMs: 40 } as const

/** Makes what is missing: on a second start the host still has integrations and experts, the simulator has nothing. */
export async function foundCompany(simulator: LarkSimulator, host: XpertHost, state: StateFolder): Promise<Company> {
  const session = host.login('admin')
  const memory = state.memory()
  const bots: Partial<Record<Transport, Bot>> = {}
  for (const wanted of WANTED) {
    const remembered = memory[wanted.transport]
    const app = await simulator.createApp(remembered?.app ?? newApp(wanted))
    bots[wanted.transport] = await employ({ wanted, app, remembered, session })
  }
  const { long_connection, webhook } = bots as Record<Transport, Bot>
  webhook.app = await reach(simulator, host, webhook)
  const all = { long_connection, webhook }
  state.remember(all satisfies Memory)
  return { bots: all, ...(await meet(simulator, Object.values(all))) }
}

const newApp = ({ transport, name, encrypted }: Wanted): Partial<SimApp> & { transport: Transport } => ({
  transport,
  name,
  encryptKey: encrypted ? randomBytes(16).toString('hex') : ''
})

async function employ(input: {
  wanted: Wanted
  app: SimApp
  remembered: RememberedBot | undefined
  session: Session
}): Promise<Bot> {
  const {
    wanted: { transport, name },
    app,
    remembered,
    session
  } = input
  if (remembered?.integrationId && remembered.expertId && (await stillThere(session, remembered))) {
    return { transport, app, integrationId: remembered.integrationId, expertId: remembered.expertId }
  }
  const integrationId = await integrate(session, name, app)
  const expertId = await publishExpert(session, { name, integrationId, script: SCRIPT })
  return { transport, app, integrationId, expertId }
}

/** Both come from one database; it is a new one after --fresh, or where the server could only be temporary. */
async function stillThere(session: Session, { integrationId }: RememberedBot): Promise<boolean> {
  const { status } = await session.request('GET', `/api/integration/${integrationId}`)
  return status === 200
}

async function meet(simulator: LarkSimulator, bots: readonly Bot[]): Promise<Pick<Company, 'people' | 'group'>> {
  const people: SimUser[] = []
  for (const name of PEOPLE) people.push(await simulator.createUser({ name }))
  for (const { userId } of people)
    for (const { app } of bots) await simulator.createDirectChat({ userId, appId: app.appId })
  const userIds = people.map(({ userId }) => userId)
  const group = await simulator.createGroup({ name: GROUP, userIds, appIds: bots.map(({ app }) => app.appId) })
  return { people, group }
}
