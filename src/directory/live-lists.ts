import { Injectable } from '@nestjs/common'
import { LRUCache } from 'lru-cache'
import { DirectoryApi, DirectoryApis, LarkApiError, ListedChat, ListedUser } from '../lark'
import { LarkIntegration } from '../settings'
import { Clock, Log, onClock, within } from '../shared'
import { AskedBefore, kindOf, ListKind, walkStep, WalkTask } from './directory-walk'
import { patiently } from './patient-call'

/** Lark counts its calls per month: who opens a form twice within this sees the same list. */
const FRESH_MS = 60_000
const MAX_LISTS = 200

/** What the host's form waits for; what is not read by then is there when it is opened again. */
const LIMIT_MS = 15_000

/** Calls at a time for one list. */
const AT_ONCE = 5

/** More than this the host's select can not show in a useful way. */
export const MOST_ENTRIES = 5_000

interface LiveList {
  users: Map<string, ListedUser>
  chats: Map<string, ListedChat>
  ended: Promise<void>
}

/** What Lark lists just now, kept for a minute. A missing scope or an unreachable Lark is a shorter list, never an error. */
@Injectable()
export class LiveLists {
  private readonly log = new Log('directory')
  private readonly lists: LRUCache<string, LiveList>

  constructor(
    private readonly apis: DirectoryApis,
    clock: Clock
  ) {
    // Each is up to a few megabytes, and most are never asked for again.
    this.lists = new LRUCache({ max: MAX_LISTS, ttl: FRESH_MS, ttlAutopurge: true, ...onClock(clock) })
  }

  async people(integration: LarkIntegration): Promise<ListedUser[]> {
    return [...(await this.read(integration, 'people', { part: 'range' })).users.values()]
  }

  async groups(integration: LarkIntegration): Promise<ListedChat[]> {
    return [...(await this.read(integration, 'groups', { part: 'chats' })).chats.values()]
  }

  /** The names of a few people, without any list. */
  async named(integration: LarkIntegration, openIds: readonly string[]): Promise<ListedUser[]> {
    if (openIds.length === 0) return []
    try {
      return (await walkStep(this.apis.for(integration.settings), { part: 'people', ids: [...openIds] })).users
    } catch (error) {
      this.log.warn('people could not be looked up', { integration: integration.id }, error)
      return []
    }
  }

  private async read(integration: LarkIntegration, kind: ListKind, first: WalkTask): Promise<LiveList> {
    const { appId, region } = integration.settings
    const key = [integration.id, region, appId, kind].join(' ')
    const list = this.lists.get(key) ?? this.begin(integration, first)
    this.lists.set(key, list, { noUpdateTTL: true })
    await within(LIMIT_MS, list.ended)
    return list
  }

  private begin(integration: LarkIntegration, first: WalkTask): LiveList {
    const list: LiveList = { users: new Map(), chats: new Map(), ended: Promise.resolve() }
    list.ended = this.fill(list, this.apis.for(integration.settings), first).catch((error: unknown) => {
      const facts = { integration: integration.id, list: kindOf(first) }
      if (error instanceof LarkApiError) this.log.warn('a list is not complete', facts, error)
      else this.log.error('a list could not be read', facts, error)
    })
    return list
  }

  /** Several calls at a time, each giving more to do; ends with the first that fails. */
  private async fill(list: LiveList, api: DirectoryApi, first: WalkTask): Promise<void> {
    const { signal } = new AbortController()
    const asked = new AskedBefore()
    let tasks = [first]
    const running = new Set<Promise<void>>()
    const one = async (task: WalkTask): Promise<void> => {
      const found = await patiently(signal, () => walkStep(api, task))
      for (const user of found.users) list.users.set(user.openId, user)
      for (const chat of found.chats) list.chats.set(chat.chatId, chat)
      tasks = [...asked.fresh(found.tasks), ...tasks].filter((open) => kindOf(open) !== found.missing)
    }
    const isFull = (): boolean => list.users.size + list.chats.size >= MOST_ENTRIES
    while ((tasks.length > 0 && !isFull()) || running.size > 0) {
      while (tasks.length > 0 && running.size < AT_ONCE && !isFull()) {
        const work = one(tasks.shift()!).finally(() => running.delete(work))
        running.add(work)
      }
      await Promise.race(running)
    }
  }
}
