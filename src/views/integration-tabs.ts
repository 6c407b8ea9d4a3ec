import { Injectable, NotFoundException } from '@nestjs/common'
import { ViewActionRequest, ViewActionResult, ViewData, ViewQuery } from '../host'
import { Language, say } from '../i18n'
import { LarkIntegration } from '../settings'
import { DiagnosisTab } from './diagnosis-tab'
import { MessagesTab } from './messages-tab'
import { SessionsTab } from './sessions-tab'
import { StatusTab } from './status-tab'
import { UsersTab } from './users-tab'

/** Who looks at a tab. */
export interface Reader {
  language: Language
}

/** One button of a tab, for who may act on the integration: its manifest names that permission, so nobody else sees it. */
export type TabAction = (
  integration: LarkIntegration,
  request: ViewActionRequest,
  reader: Reader
) => Promise<ViewActionResult>

/** What is behind one manifest. The integration it gets is the caller's own, and the caller may do this with it. */
export interface IntegrationTab {
  read(integration: LarkIntegration, query: ViewQuery, reader: Reader): Promise<ViewData>
  actions?: Record<string, TabAction>
}

/** The tabs by the key of their manifest; a test compares both lists. */
@Injectable()
export class IntegrationTabs {
  private readonly tabs: Record<string, IntegrationTab>

  constructor(
    status: StatusTab,
    diagnosis: DiagnosisTab,
    users: UsersTab,
    sessions: SessionsTab,
    messages: MessagesTab
  ) {
    this.tabs = { status, diagnosis, users, sessions, messages }
  }

  get(viewKey: string, { language }: Reader): IntegrationTab {
    const tab = Object.hasOwn(this.tabs, viewKey) ? this.tabs[viewKey] : undefined
    if (!tab) throw new NotFoundException(say('viewNotFound', language))
    return tab
  }

  action(viewKey: string, actionKey: string, reader: Reader): TabAction {
    const { actions = {} } = this.get(viewKey, reader)
    const action = Object.hasOwn(actions, actionKey) ? actions[actionKey] : undefined
    if (!action) throw new NotFoundException(say('viewNotFound', reader.language))
    return action
  }
}
