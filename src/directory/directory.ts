import { Injectable } from '@nestjs/common'
import { LRUCache } from 'lru-cache'
import { MessageEvent } from '../lark'
import { IntegrationListener, LarkIntegration } from '../settings'
import { Clock, GroupedQueue, Log, onClock, STATEMENT_MS, storableText } from '../shared'
import { ChatRepository } from './chat.repository'
import { KnownUser, Owner, UserRepository } from './user.repository'

/** "Last seen" is exact to this; it saves two statements for nearly every message. */
const AGAIN_MS = 10 * 60_000
const MAX_RECENT = 10_000
const MAX_GROUP = 100

interface Sighting {
  owner: Owner
  people: KnownUser[]
  chat: Pick<MessageEvent, 'chatId' | 'chatType'>
}

export const ownerOf = ({ id, tenantId, organizationId }: LarkIntegration): Owner => ({
  integrationId: id,
  tenantId,
  organizationId
})

/** People whom the message names; the bot itself and "all" are nobody. */
const mentioned = ({ mentions }: MessageEvent): KnownUser[] =>
  mentions
    .filter(({ openId, isBot }) => openId !== '' && !isBot)
    .map(({ openId, name }) => ({
      openId,
      source: 'mention',
      ...(name.trim() === '' ? {} : { name: storableText(name) })
    }))

/** Who wrote to the bot, who was mentioned, and where. */
@Injectable()
export class Directory implements IntegrationListener {
  private readonly log = new Log('directory')
  private readonly recent: LRUCache<string, true>
  private readonly sightings = new GroupedQueue<Sighting, void>((sightings) => this.recordAll(sightings), MAX_GROUP, {
    limitMs: STATEMENT_MS
  })

  constructor(
    private readonly users: UserRepository,
    private readonly chats: ChatRepository,
    private readonly clock: Clock
  ) {
    this.recent = new LRUCache({ max: MAX_RECENT, ttl: AGAIN_MS, ...onClock(clock) })
  }

  /**
   * Records the people and the chat of a message, behind it: nobody has to wait for it, and it never throws. Answers whether
   * they were recorded, and not a moment ago.
   */
  async saw(integration: LarkIntegration, message: MessageEvent): Promise<boolean> {
    const { openId, unionId } = message.sender
    if (!openId) return false
    const people: KnownUser[] = [...mentioned(message), { openId, unionId, source: 'message' }]
    const keys = people.map((person) => `${integration.id}:${person.openId}:${message.chatId}`)
    if (keys.every((key) => this.recent.has(key))) return false
    for (const key of keys) this.recent.set(key, true)
    try {
      await this.sightings.add({ owner: ownerOf(integration), people, chat: message })
      return true
    } catch (error) {
      for (const key of keys) this.recent.delete(key)
      this.log.warn('a sender could not be recorded', { integration: integration.id }, error)
      return false
    }
  }

  /** The name of a person, where one is known. */
  async nameOf(integrationId: string, openId: string): Promise<string | null> {
    const [user] = await this.users.named(integrationId, [openId])
    return user?.name ?? null
  }

  async integrationChanged(integrationId: string, isOtherApp: boolean): Promise<void> {
    if (isOtherApp) await this.integrationRemoved(integrationId)
  }

  async integrationRemoved(integrationId: string): Promise<void> {
    await this.users.removeIntegration(integrationId)
    await this.chats.removeIntegration(integrationId)
    this.recent.clear()
  }

  /** Two statements for each integration, however many wrote at the same time. */
  private async recordAll(sightings: readonly Sighting[]): Promise<void[]> {
    const now = this.clock.now()
    for (const ofOne of groupedByIntegration(sightings)) {
      const { owner } = ofOne[0]!
      const people = ofOne.flatMap((sighting) => sighting.people)
      const chats = ofOne.map(({ chat: { chatId, chatType } }) => ({ chatId, chatType, source: 'message' as const }))
      await this.users.record(owner, merged(people), now)
      await this.chats.record(owner, chats, now)
    }
    return sightings.map(() => undefined)
  }
}

const groupedByIntegration = (sightings: readonly Sighting[]): Sighting[][] => {
  const groups = new Map<string, Sighting[]>()
  for (const sighting of sightings) {
    const { integrationId } = sighting.owner
    groups.set(integrationId, [...(groups.get(integrationId) ?? []), sighting])
  }
  return [...groups.values()]
}

/** Each person once, with the name from a mention and the rest from what they wrote themselves. */
const merged = (people: readonly KnownUser[]): KnownUser[] => {
  const known = new Map<string, KnownUser>()
  const writersLast = [...people].sort(
    (one, other) => Number(one.source === 'message') - Number(other.source === 'message')
  )
  for (const person of writersLast) known.set(person.openId, { ...known.get(person.openId), ...person })
  return [...known.values()]
}
