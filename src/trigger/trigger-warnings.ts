import { Injectable } from '@nestjs/common'
import { I18nText, inBoth, TextKey } from '../i18n'
import { EVERY_MESSAGE_SCOPES, GROUP_SCOPES, hasOneOf, LarkApis, PEOPLE_SCOPES } from '../lark'
import { ConnectionStatuses } from '../long-connection'
import { LarkIntegration } from '../settings'
import { aboutSetting } from './setting-names'
import { TriggerConfig } from './trigger-config'

export interface TriggerWarning {
  field: keyof TriggerConfig
  message: I18nText
}

interface Need {
  field: keyof TriggerConfig
  isNeeded(config: TriggerConfig): boolean
  /** Any one of them will do; the first is what we ask for. */
  scopes: readonly [string, ...string[]]
  text: TextKey
}

const NEEDS: readonly Need[] = [
  {
    field: 'singleChatUserOpenIds',
    isNeeded: (config) => config.singleChatScope === 'selected_users',
    scopes: PEOPLE_SCOPES,
    text: 'peopleListNeedsScope'
  },
  {
    field: 'groupUserOpenIds',
    isNeeded: (config) => config.groupUserScope === 'selected_users',
    scopes: PEOPLE_SCOPES,
    text: 'peopleListNeedsScope'
  },
  {
    field: 'allowedGroupChatIds',
    isNeeded: (config) => config.allowedGroupScope === 'selected_chats',
    scopes: GROUP_SCOPES,
    text: 'groupListNeedsScope'
  },
  {
    field: 'groupReplyStrategy',
    isNeeded: (config) => config.groupReplyStrategy === 'all_messages',
    scopes: EVERY_MESSAGE_SCOPES,
    text: 'settingNeedsScope'
  },
  {
    // Lark counts a message to everybody as one that does not mention the bot (lark-platform 0.8).
    field: 'respondToMentionAll',
    isNeeded: (config) => config.respondToMentionAll,
    scopes: EVERY_MESSAGE_SCOPES,
    text: 'settingNeedsScope'
  },
  {
    field: 'captureUnmentionedGroupMessages',
    isNeeded: (config) => config.captureUnmentionedGroupMessages && config.historyMessages > 0,
    scopes: EVERY_MESSAGE_SCOPES,
    text: 'settingNeedsScope'
  },
  {
    field: 'respondToBots',
    isNeeded: (config) => config.respondToBots,
    scopes: ['im:message.group_at_msg.include_bot:readonly'],
    text: 'settingNeedsScope'
  }
]

interface Clash {
  field: keyof TriggerConfig
  isThere(config: TriggerConfig): boolean
  text: TextKey
}

/** Settings of which one leaves the other without effect. */
const CLASHES: readonly Clash[] = [
  {
    field: 'sessionScope',
    isThere: (config) => config.sessionScope === 'thread' && config.summaryWindowSeconds > 0,
    text: 'threadsAreNotCollected'
  },
  {
    field: 'captureUnmentionedGroupMessages',
    isThere: (config) => config.captureUnmentionedGroupMessages && config.historyMessages === 0,
    text: 'captureNeedsHistory'
  }
]

/** Whoever has just granted a scope in the console is not told for an hour that it is missing; each look is a metered call. */
const SCOPES_DOUBTED_MS = 30_000

/** What an admin should know before publishing: nothing that keeps a trigger from being published. */
@Injectable()
export class TriggerWarnings {
  constructor(
    private readonly apis: LarkApis,
    private readonly connections: ConnectionStatuses
  ) {}

  async of(integration: LarkIntegration, config: TriggerConfig): Promise<TriggerWarning[]> {
    const clashes = CLASHES.filter(({ isThere }) => isThere(config))
    const warnings = [
      ...clashes.map(({ field, text }) => ({ field, message: inBoth(text) })),
      ...(await this.missingScopes(integration, config))
    ]
    const text = await this.connectionWarning(integration)
    return text ? [{ field: 'integrationId', message: inBoth(text) }, ...warnings] : warnings
  }

  /** None while Lark can not be asked. */
  private async missingScopes({ settings }: LarkIntegration, config: TriggerConfig): Promise<TriggerWarning[]> {
    const needs = NEEDS.filter(({ isNeeded }) => isNeeded(config))
    const unmet = (granted: ReadonlySet<string> | null): Need[] =>
      granted ? needs.filter(({ scopes }) => !hasOneOf(granted, scopes)) : []
    if (needs.length === 0 || unmet(await this.apis.scopesOf(settings)).length === 0) return []
    const missing = unmet(await this.apis.scopesOf(settings, SCOPES_DOUBTED_MS))
    return missing.map(({ field, scopes, text }) => ({
      field,
      message: aboutSetting(text, field, { scope: scopes[0] })
    }))
  }

  /** A webhook has no connection: whether Lark reaches it shows only when it does. */
  private async connectionWarning(integration: LarkIntegration): Promise<TextKey | null> {
    if (integration.settings.connectionMode === 'webhook') return null
    const connection = await this.connections.of(integration)
    if (connection?.state !== 'connected') return 'integrationNotConnected'
    if (connection.conflict === 'two_bindings') return 'connectionTwoBindings'
    return connection.conflict === null ? null : 'integrationNotConnected'
  }
}
