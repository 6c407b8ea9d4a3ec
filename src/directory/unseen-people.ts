import { Injectable } from '@nestjs/common'
import { LRUCache } from 'lru-cache'
import { SingletonJobs } from '../cluster'
import { ChatRepository } from './chat.repository'
import { parseProgress, readJobOf } from './directory-read'
import { KeptPeople } from './kept-people'
import { UserRepository } from './user.repository'

const DAY_MS = 24 * 60 * 60_000
const MAX_ENTRIES = 1_000

/**
 * Who is not kept for ever: people who were not seen for long, and their direct chats. Whom a published trigger names stays, and
 * whom the last read from Lark found: both are shown in pickers; so does whose question still waits. Which platform user somebody
 * is, the host knows: the row has a copy.
 */
@Injectable()
export class UnseenPeople {
  /** Where the batches of one run have come to. */
  private reached: { before: number; integrationId: string } | null = null
  /** By which whole read the listed people of an integration were looked at, and in which run. */
  private readonly listsSeen = new LRUCache<string, { since: number; before: number }>({ max: MAX_ENTRIES })

  constructor(
    private readonly users: UserRepository,
    private readonly chats: ChatRepository,
    private readonly people: KeptPeople,
    private readonly jobs: SingletonJobs
  ) {}

  /** A batch; those with the same `before` are one run, in which each integration is looked for once. */
  async removePeople(before: Date, limit: number): Promise<number> {
    const isGoingOn = this.reached?.before === before.getTime()
    let id = isGoingOn && this.reached ? this.reached.integrationId : await this.users.integrationAfter('')
    let removed = 0
    while (id !== null) {
      removed += await this.removeOf(id, before, limit - removed)
      if (removed >= limit) break
      id = await this.users.integrationAfter(id)
    }
    this.reached = id === null ? null : { before: before.getTime(), integrationId: id }
    return removed
  }

  removeDirectChats(before: Date, limit: number): Promise<number> {
    return this.chats.removeUnseenDirect(before, limit)
  }

  private async removeOf(integrationId: string, before: Date, limit: number): Promise<number> {
    const kept = await this.people.of(integrationId)
    if (!kept) return 0
    const stays = { kept, listedSince: await this.listedSince(integrationId) }
    const unseen = await this.users.removeUnseen(integrationId, before, stays, limit)
    const since = stays.listedSince?.getTime()
    if (since === undefined || unseen >= limit || !this.mayHaveUnlisted(integrationId, since, before)) return unseen
    const unlisted = await this.users.removeUnlisted(integrationId, stays, limit - unseen)
    if (unseen + unlisted < limit) this.listsSeen.set(integrationId, { since, before: before.getTime() })
    return unseen + unlisted
  }

  /** After a newer whole read; and once a day, for those who stayed for another reason. */
  private mayHaveUnlisted(integrationId: string, since: number, before: Date): boolean {
    const seen = this.listsSeen.get(integrationId)
    return seen?.since !== since || before.getTime() - seen.before >= DAY_MS
  }

  private async listedSince(integrationId: string): Promise<Date | null> {
    const since = parseProgress(await this.jobs.progressOf(readJobOf(integrationId)))?.wholeSince
    return since === undefined ? null : new Date(since)
  }
}
