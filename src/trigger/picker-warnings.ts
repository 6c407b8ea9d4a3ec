import { Injectable } from '@nestjs/common'
import { I18nText, inBoth } from '../i18n'
import { LarkApis } from '../lark'
import { LarkIntegration } from '../settings'
import { TriggerConfig } from './trigger-config'

export interface PickerWarning {
  field: keyof TriggerConfig
  message: I18nText
}

/** Any one of them lets an app list; the first is what we ask for (lark-platform 5.4, 5.5). */
const PEOPLE = [
  'contact:contact.base:readonly',
  'contact:contact:readonly',
  'contact:contact:readonly_as_app',
  'contact:contact:access_as_app'
]
const GROUPS = ['im:chat:readonly', 'im:chat', 'im:chat:read']

/** Why a list of the form may be shorter than what there is: nothing that keeps a trigger from being published. */
@Injectable()
export class PickerWarnings {
  constructor(private readonly apis: LarkApis) {}

  /** None while Lark can not be asked. */
  async of({ settings }: LarkIntegration, config: TriggerConfig): Promise<PickerWarning[]> {
    const isPicking = config.singleChatScope === 'selected_users' || config.allowedGroupScope === 'selected_chats'
    const granted = isPicking ? await this.apis.scopesOf(settings) : null
    if (!granted) return []
    const lacks = (scopes: readonly string[]): boolean => !scopes.some((scope) => granted.has(scope))
    const warnings: PickerWarning[] = []
    if (config.singleChatScope === 'selected_users' && lacks(PEOPLE))
      warnings.push({ field: 'singleChatUserOpenIds', message: inBoth('peopleListNeedsScope', { scope: PEOPLE[0]! }) })
    if (config.allowedGroupScope === 'selected_chats' && lacks(GROUPS))
      warnings.push({ field: 'allowedGroupChatIds', message: inBoth('groupListNeedsScope', { scope: GROUPS[0]! }) })
    return warnings
  }
}
