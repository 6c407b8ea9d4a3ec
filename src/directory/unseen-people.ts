import { Injectable } from '@nestjs/common'
import { SingletonJobs } from '../cluster'
import { ChatRepository } from './chat.repository'
import { parseProgress, readJobOf } from './directory-read'
import { KeptPeople } from './kept-people'
import { UserRepository } from './user.repository'

/**
 * Who is not kept for ever: people who were not seen for long, and their direct chats. Whom a published trigger names stays, and
 * whom the last read from Lark found: both are shown in pickers; so does whose question still waits. Which platform user somebody
 * is, the host knows: the row has a copy.
 */
@Injectable()
export class UnseenPeople {
  constructor(
    private readonly users: UserRepository,
    private readonly chats: ChatRepository,
    private readonly people: KeptPeople,
    private readonly jobs: SingletonJobs
  ) {}

  async removePeople(before: Date, limit: number): Promise<number> {
    let removed = 0
    for (const integrationId of await this.users.integrationsBefore(before)) {
      if (removed >= limit) break
      const kept = await this.people.of(integrationId)
      if (!kept) continue
      const stays = { kept, listedSince: await this.listedSince(integrationId) }
      removed += await this.users.removeUnseen(integrationId, before, stays, limit - removed)
    }
    return removed
  }

  removeDirectChats(before: Date, limit: number): Promise<number> {
    return this.chats.removeUnseenDirect(before, limit)
  }

  private async listedSince(integrationId: string): Promise<Date | null> {
    const since = parseProgress(await this.jobs.progressOf(readJobOf(integrationId)))?.wholeSince
    return since === undefined ? null : new Date(since)
  }
}
