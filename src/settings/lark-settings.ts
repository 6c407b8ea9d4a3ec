import { appKeyOf, isSocketAppId, LarkApp, Region } from '../lark'
import { objectOf, PluginError, textOf } from '../shared'
import { isAdministratorRole } from './provisioned-role'

export const CONNECTION_MODES = ['long_connection', 'webhook'] as const
export type ConnectionMode = (typeof CONNECTION_MODES)[number]

export interface LarkSettings extends LarkApp {
  verificationToken?: string
  encryptKey?: string
  connectionMode: ConnectionMode
  region: Region
  preferLanguage?: 'en' | 'zh-Hans'
  userProvision: { autoProvision: boolean; roleName?: string }
}

/** One integration of provider `lark`, parsed. */
export interface LarkIntegration {
  id: string
  tenantId: string
  organizationId: string | null
  name: string
  settings: LarkSettings
}

/** The form's input can not be used; `code` names the field. */
export class SettingsInvalidError extends PluginError<'app_id' | 'app_secret' | 'connection_mode' | 'role_name'> {}

const MODES: ReadonlySet<string> = new Set(CONNECTION_MODES)

/** Integrations stored before there was a mode: webhook if they carry a token or a key, else long connection. */
const modeOf = (options: Record<string, unknown>): ConnectionMode => {
  const mode = textOf(options['connectionMode'])
  if (mode === undefined) {
    return textOf(options['verificationToken']) || textOf(options['encryptKey']) ? 'webhook' : 'long_connection'
  }
  if (!MODES.has(mode)) throw new SettingsInvalidError('connection_mode', `Unknown connection mode '${mode}'`)
  return mode as ConnectionMode
}

const languageOf = (value: unknown): 'en' | 'zh-Hans' | undefined => {
  const language = textOf(value)?.toLowerCase()
  if (language?.startsWith('zh')) return 'zh-Hans'
  return language?.startsWith('en') ? 'en' : undefined
}

/** The options that this plugin reads; whatever else is in there belongs to the host and is kept. */
export const OPTION_KEYS: ReadonlySet<string> = new Set([
  'appId',
  'appSecret',
  'verificationToken',
  'encryptKey',
  'connectionMode',
  'isLark',
  'preferLanguage',
  'userProvision'
])

/** As the console shows an App ID. */
const APP_ID = /^cli_[0-9a-z]{16}$/i

/** What a save refuses and a stored integration may have: it goes on with what works. */
export const assertSavable = ({ appId, connectionMode, userProvision }: LarkSettings): void => {
  const isAppId = connectionMode === 'long_connection' ? isSocketAppId(appId) : APP_ID.test(appId)
  if (!isAppId) throw new SettingsInvalidError('app_id', 'App ID is malformed')
  const { autoProvision, roleName } = userProvision
  if (autoProvision && roleName && isAdministratorRole(roleName))
    throw new SettingsInvalidError('role_name', 'An administrator role is not given to new users')
}

/** Parses an integration's `options`. Throws `SettingsInvalidError` naming the first field that can not be used. */
export const parseSettings = (options: unknown): LarkSettings => {
  const raw = objectOf(options)
  const appId = textOf(raw['appId'])
  if (!appId) throw new SettingsInvalidError('app_id', 'App ID is missing')
  const appSecret = textOf(raw['appSecret'])
  if (!appSecret) throw new SettingsInvalidError('app_secret', 'App Secret is missing')
  const provision = objectOf(raw['userProvision'])
  return {
    appId,
    appSecret,
    verificationToken: textOf(raw['verificationToken']),
    encryptKey: textOf(raw['encryptKey']),
    connectionMode: modeOf(raw),
    region: raw['isLark'] === true ? 'lark' : 'feishu',
    preferLanguage: languageOf(raw['preferLanguage']),
    userProvision: { autoProvision: provision['autoProvision'] === true, roleName: textOf(provision['roleName']) }
  }
}

/** Whose message ids these are: nobody can use up the ids of another tenant or organisation. */
export const inboxKeyOf = (integration: LarkIntegration): string =>
  [integration.tenantId, integration.organizationId ?? '-', appKeyOf(integration.settings)].join(':')
