import type { Transport } from '../../playground/lark-simulator/client'
import type { Bot, World } from '../../test/support/world'
import type { SoakHosts } from './soak-hosts'

const ANSWER = { kind: 'stream', text: 'Heard: {input}. With: {files}.', deltas: 8, everyMs: 150 } as const
const FILES = 'im:message:readonly'

/** With cards that stream, and with cards that are patched. */
const BOTS: readonly { transport: Transport; scopes: readonly string[] }[] = [
  { transport: 'webhook', scopes: [FILES] },
  { transport: 'webhook', scopes: [FILES, 'cardkit:card:write'] },
  { transport: 'long_connection', scopes: [FILES] },
  { transport: 'long_connection', scopes: [FILES, 'cardkit:card:write'] }
]
/** Of each bot. With fewer, one answer at a time in each chat would not keep up with the messages beside the troubles. */
const DIRECT_CHATS = 8
const GROUPS = 3
const GROUP_MEMBERS = 3

/** Somebody who writes to a bot: alone with it, or in a group. */
export interface Voice {
  bot: Bot
  userId: string
  /** Of the group. */
  chatId?: string
}

export interface Voices {
  bots: Bot[]
  direct: Voice[]
  inGroups: Voice[]
}

export async function hireAll(world: World, hosts: SoakHosts): Promise<Voices> {
  const voices: Voices = { bots: [], direct: [], inGroups: [] }
  for (const { transport, scopes } of BOTS) {
    const bot = await world.hire(transport, ANSWER, { scopes, trigger: { runIdleTimeoutSeconds: 60 } })
    const { appId } = bot.app
    if (transport === 'webhook') {
      await world.lark.updateApp(appId, { webhookUrl: `${hosts.url}/api/lark/webhook/${bot.integrationId}` })
    }
    voices.bots.push(bot)
    voices.direct.push(...(await peopleOf(world, DIRECT_CHATS)).map((userId) => ({ bot, userId })))
    for (let number = 1; number <= GROUPS; number += 1) {
      const userIds = await peopleOf(world, GROUP_MEMBERS)
      const { chatId } = await world.lark.createGroup({ name: `Project ${number}`, userIds, appIds: [appId] })
      voices.inGroups.push(...userIds.map((userId) => ({ bot, userId, chatId })))
    }
  }
  return voices
}

const peopleOf = async (world: World, length: number): Promise<string[]> =>
  (await Promise.all(Array.from({ length }, () => world.person()))).map(({ userId }) => userId)
