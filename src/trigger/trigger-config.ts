import { plainToInstance, Transform } from 'class-transformer'
import { IsArray, IsBoolean, IsIn, IsInt, IsNotEmpty, IsString, Max, Min, validateSync } from 'class-validator'
import { isObject, objectOf } from '../shared'

export const DIRECT_SCOPES = ['all_users', 'selected_users'] as const
export const GROUP_SCOPES = ['all_chats', 'selected_chats'] as const
export const GROUP_STRATEGIES = ['mention_only', 'all_messages'] as const
export const SESSION_SCOPES = ['chat', 'chat_and_sender', 'thread'] as const

/** Smallest and largest value of every number; the form shows the same. */
export const LIMITS = {
  sessionTimeoutSeconds: [0, 30 * 24 * 3600],
  summaryWindowSeconds: [0, 60],
  summaryMaxWaitSeconds: [1, 300],
  summaryMaxMessages: [2, 100],
  runIdleTimeoutSeconds: [60, 3600],
  attachmentMaxMiB: [1, 25],
  historyMessages: [0, 50]
} as const

/** A multi-select of the host may save `[null]`, a bare string or nothing (host-observed 45). */
const toIds = ({ value }: { value: unknown }): string[] => {
  const values: unknown[] = Array.isArray(value) ? value : [value]
  const ids = values.filter((id): id is string => typeof id === 'string').map((id) => id.trim())
  return [...new Set(ids.filter((id) => id !== ''))]
}

/** A number input may save its text. */
const toNumber = ({ value }: { value: unknown }): unknown =>
  typeof value === 'string' && value.trim() !== '' ? Number(value) : value

const WholeNumber =
  (name: keyof typeof LIMITS): PropertyDecorator =>
  (target, key) => {
    const [smallest, largest] = LIMITS[name]
    for (const decorate of [Transform(toNumber), IsInt(), Min(smallest), Max(largest)]) decorate(target, key)
  }

const Ids = (): PropertyDecorator => (target, key) => {
  for (const decorate of [Transform(toIds), IsArray()]) decorate(target, key)
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

  @Ids()
  singleChatUserOpenIds: string[] = []

  @IsIn(GROUP_SCOPES)
  allowedGroupScope: (typeof GROUP_SCOPES)[number] = 'all_chats'

  @Ids()
  allowedGroupChatIds: string[] = []

  @IsIn(GROUP_STRATEGIES)
  groupReplyStrategy: (typeof GROUP_STRATEGIES)[number] = 'mention_only'

  /** Who may ask in groups. */
  @IsIn(DIRECT_SCOPES)
  groupUserScope: (typeof DIRECT_SCOPES)[number] = 'all_users'

  @Ids()
  groupUserOpenIds: string[] = []

  /** Idle longer than this, the next message begins a new conversation; 0 for never. */
  @WholeNumber('sessionTimeoutSeconds')
  sessionTimeoutSeconds = 3600

  /** A sender's messages that follow each other this closely are answered together; 0 answers each. */
  @WholeNumber('summaryWindowSeconds')
  summaryWindowSeconds = 0

  @WholeNumber('summaryMaxWaitSeconds')
  summaryMaxWaitSeconds = 30

  @WholeNumber('summaryMaxMessages')
  summaryMaxMessages = 20

  /** Who shares a conversation in a group; topics always have their own. */
  @IsIn(SESSION_SCOPES)
  sessionScope: (typeof SESSION_SCOPES)[number] = 'chat'

  @IsBoolean()
  respondToBots = false

  @IsBoolean()
  respondToMentionAll = false

  /** Whoever may not ask is told so. */
  @IsBoolean()
  outOfScopeReply = false

  @IsBoolean()
  streaming = true

  /** Empty: the person who asked. */
  @Ids()
  approverOpenIds: string[] = []

  @WholeNumber('runIdleTimeoutSeconds')
  runIdleTimeoutSeconds = 600

  @WholeNumber('attachmentMaxMiB')
  attachmentMaxMiB = 20

  /** How many earlier messages of a scope come along as context; off by default, because they are stored for it. */
  @WholeNumber('historyMessages')
  historyMessages = 0

  @IsBoolean()
  captureUnmentionedGroupMessages = false
}

/** A scope that names people or groups, and the list that it needs. */
export const SELECTIONS = [
  ['singleChatScope', 'selected_users', 'singleChatUserOpenIds'],
  ['allowedGroupScope', 'selected_chats', 'allowedGroupChatIds'],
  ['groupUserScope', 'selected_users', 'groupUserOpenIds']
] as const

export interface ParsedTrigger {
  config: TriggerConfig
  /** Settings that were wrong. */
  invalid: readonly string[]
}

const KNOWN: ReadonlySet<string> = new Set(Object.keys(new TriggerConfig()))

/** No setting holds an object, and class-transformer takes fields of one, such as `constructor`, for its class. */
const withoutObjects = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.filter((one) => typeof one !== 'object')
  return isObject(value) ? {} : value
}

/** What was given, of this version's settings and of others; what every object has is no setting. */
const settingsIn = (raw: unknown): { known: object; others: object } => {
  const given = Object.entries(objectOf(raw)).filter(
    ([name, value]) => value !== null && value !== undefined && !(name in Object.prototype)
  )
  const known = given.filter(([name]) => KNOWN.has(name)).map(([name, value]) => [name, withoutObjects(value)] as const)
  return { known: Object.fromEntries(known), others: Object.fromEntries(given.filter(([name]) => !KNOWN.has(name))) }
}

/** Absent, null and wrong settings take their defaults; wrong ones are named. Settings that this version does not know are kept. */
export const parseTriggerConfig = (raw: unknown): ParsedTrigger => {
  const { known, others } = settingsIn(raw)
  const config = plainToInstance(TriggerConfig, known, { exposeDefaultValues: true })
  const invalid = validateSync(config).map((error) => error.property)
  const defaults = Object.entries(new TriggerConfig()).filter(([name]) => invalid.includes(name))
  Object.assign(config, Object.fromEntries(defaults))
  for (const [scope, selected, list] of SELECTIONS) {
    if (config[scope] === selected && config[list].length === 0) invalid.push(list)
  }
  return { config: Object.assign(config, others), invalid: [...new Set(invalid)] }
}
