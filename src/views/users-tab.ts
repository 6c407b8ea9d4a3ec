import { Injectable } from '@nestjs/common'
import { DirectoryRead, UserRepository, UserSource } from '../directory'
import { ViewActionResult, ViewData, ViewQuery } from '../host'
import { inBoth, say, TextKey } from '../i18n'
import { LarkIntegration } from '../settings'
import type { IntegrationTab, Reader, TabAction } from './integration-tabs'
import { COUNT_LIMIT, pageOf, searchOf } from './list-query'

const SOURCES: Record<UserSource, TextKey> = {
  message: 'sourceMessage',
  mention: 'sourceMention',
  directory: 'sourceDirectory'
}

/** Everybody recorded, the last seen first, then whom only a list has named. */
@Injectable()
export class UsersTab implements IntegrationTab {
  readonly actions: Record<string, TabAction> = {
    read_from_lark: (integration) => this.readFromLark(integration)
  }

  constructor(
    private readonly users: UserRepository,
    private readonly directoryRead: DirectoryRead
  ) {}

  async read({ id }: LarkIntegration, query: ViewQuery, { language }: Reader): Promise<ViewData> {
    const search = searchOf(query)
    const sortBy = query.sortBy === 'name' ? ('name' as const) : ('lastSeenAt' as const)
    const ascending = query.sortDirection === 'asc'
    const [rows, total] = await Promise.all([
      this.users.page(id, { search, sortBy, ascending, ...pageOf(query) }),
      this.users.count(id, search, COUNT_LIMIT)
    ])
    const items = rows.map(({ openId, name, platformUserId, source, lastSeenAt }) => ({
      id: openId,
      name,
      openId,
      platformUser: platformUserId,
      source: say(SOURCES[source], language),
      lastSeenAt
    }))
    return { items, total }
  }

  private async readFromLark({ id }: LarkIntegration): Promise<ViewActionResult> {
    const isNew = await this.directoryRead.ask(id)
    return { success: true, message: inBoth(isNew ? 'readStarted' : 'readUnderWay'), refresh: true }
  }
}
