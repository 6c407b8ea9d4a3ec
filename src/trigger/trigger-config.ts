import { plainToInstance, Transform } from 'class-transformer'
import { IsArray, IsBoolean, IsIn, IsNotEmpty, IsString, validateSync } from 'class-validator'
import { isObject } from '../shared'

export const DIRECT_SCOPES = ['all_users', 'selected_users'] as const
export const GROUP_SCOPES = ['all_chats', 'selected_chats'] as const
export const GROUP_STRATEGIES = ['mention_only', 'all_messages'] as const

/** A multi-select of the host may save `[null]`, a bare string or nothing (host-observed 45). */
const toIds = ({ value }: { value: unknown }): string[] => {
  const values: unknown[] = Array.isArray(value) ? value : [value]
  const ids = values.filter((id): id is string => typeof id === 'string').map((id) => id.trim())
  return [...new Set(ids.filter((id) => id !== ''))]
}

/** The trigger's settings: the one source of their defaults and limits. */
export class TriggerConfig {
  @IsBoolean()
  enabled = true

  @IsString()
  @IsNotEmpty()
  integrationId = ''

  @IsIn(DIRECT_SCOPES)
  singleChatScope: (typeof DIRECT_SCOPES)[number] = 'all_users'

  @IsArray()
  @Transform(toIds)
  singleChatUserOpenIds: string[] = []

  @IsIn(GROUP_SCOPES)
  allowedGroupScope: (typeof GROUP_SCOPES)[number] = 'all_chats'

  @IsArray()
  @Transform(toIds)
  allowedGroupChatIds: string[] = []

  @IsIn(GROUP_STRATEGIES)
  groupReplyStrategy: (typeof GROUP_STRATEGIES)[number] = 'mention_only'
}

/** Absent and null settings take their defaults; wrong ones are named. */
export const parseTriggerConfig = (raw: unknown): { config: TriggerConfig; invalid: string[] } => {
  const given = Object.entries(isObject(raw) ? raw : {}).filter(([, value]) => value !== null && value !== undefined)
  const config = plainToInstance(TriggerConfig, Object.fromEntries(given), { exposeDefaultValues: true })
  const invalid = validateSync(config).map((error) => error.property)
  if (config.singleChatScope === 'selected_users' && config.singleChatUserOpenIds.length === 0)
    invalid.push('singleChatUserOpenIds')
  if (config.allowedGroupScope === 'selected_chats' && config.allowedGroupChatIds.length === 0)
    invalid.push('allowedGroupChatIds')
  return { config, invalid: [...new Set(invalid)] }
}
