import { Language, say, TextKey } from '../i18n'
import { ConflictCode, IntegrationConnection, LossReason, reasonOf } from '../long-connection'

const CONFLICTS: Record<ConflictCode, TextKey> = {
  other_organization: 'connectionOtherOrganization',
  secret_refused: 'connectionSecretRefused',
  secret_unchecked: 'connectionSecretUnchecked',
  two_bindings: 'connectionTwoBindings'
}

const LOSSES: Record<LossReason, TextKey> = {
  credentials: 'lossCredentials',
  forbidden: 'lossForbidden',
  connectionLimit: 'lossConnectionLimit',
  wrongRegion: 'lossWrongRegion',
  appId: 'lossAppId',
  handshake: 'lossHandshake',
  closed: 'lossClosed',
  unreachable: 'lossUnreachable',
  other: 'lossOther'
}

/** What an admin should know about a long connection, the most important first; undefined when all is well. */
export const describeConnection = (connection: IntegrationConnection, language: Language): string | undefined => {
  const { conflict, desiredState, state, recentErrors, otherConsumers } = connection
  if (conflict) return say(CONFLICTS[conflict], language)
  if (desiredState === 'disconnected') return say('connectionDisconnected', language)
  const error = recentErrors[0]
  if (state !== 'connected' && error) return say(LOSSES[reasonOf(error.code)], language, { code: error.code })
  if (otherConsumers) return say('connectionOtherConsumers', language, { count: String(otherConsumers) })
  return undefined
}
