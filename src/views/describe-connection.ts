import { Language, say, TextKey } from '../i18n'
import { causeOf, ConflictCode, IntegrationConnection, lossNumber, lossText } from '../long-connection'

const CONFLICTS: Record<ConflictCode, TextKey> = {
  other_organization: 'connectionOtherOrganization',
  secret_refused: 'connectionSecretRefused',
  secret_unchecked: 'connectionSecretUnchecked',
  two_bindings: 'connectionTwoBindings'
}

/** One stored error, in words; a number of Lark's stands behind it. */
export const describeError = (code: string, language: Language): string =>
  `${say(lossText(code), language, { code })}${lossNumber(code)}`

/** What an admin should know about a long connection, the most important first; undefined when all is well. */
export const describeConnection = (connection: IntegrationConnection, language: Language): string | undefined => {
  const { conflict, desiredState, state, otherConsumers } = connection
  if (conflict) return say(CONFLICTS[conflict], language)
  if (desiredState === 'disconnected') return say('connectionDisconnected', language)
  const error = causeOf(connection)
  if (state !== 'connected' && error) return describeError(error.code, language)
  if (otherConsumers) return say('connectionOtherConsumers', language, { count: String(otherConsumers) })
  return undefined
}
