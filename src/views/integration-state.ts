import { TextKey } from '../i18n'
import { IntegrationConnection, Standing, standingOf, standingText } from '../long-connection'
import { LarkSettings } from '../settings'

/** What an integration is doing just now, in both modes. */
export type IntegrationState = Standing | 'webhook' | 'not_configured'

/** With neither a token nor a key every callback is refused. */
const isConfigured = ({ verificationToken, encryptKey }: LarkSettings): boolean =>
  verificationToken !== undefined || encryptKey !== undefined

export const stateOf = (settings: LarkSettings, connection: IntegrationConnection | null): IntegrationState => {
  if (settings.connectionMode === 'long_connection') return standingOf(connection)
  return isConfigured(settings) ? 'webhook' : 'not_configured'
}

export const stateText = (state: IntegrationState): TextKey => {
  if (state === 'webhook') return 'stateWebhook'
  return state === 'not_configured' ? 'stateNotConfigured' : standingText(state)
}
