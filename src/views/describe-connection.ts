import { Language, say } from '../i18n'
import { causeOf, IntegrationConnection, lossSentence, obstacleText, standingOf } from '../long-connection'

/** What an admin should know about a long connection, the most important first; undefined when all is well. */
export const describeConnection = (connection: IntegrationConnection, language: Language): string | undefined => {
  const standing = standingOf(connection)
  const obstacle = obstacleText(standing)
  if (obstacle) return say(obstacle, language)
  const error = causeOf(connection)
  if (standing !== 'connected' && error) return lossSentence(error.code, language)
  const { otherConsumers } = connection
  if (otherConsumers) return say('connectionOtherConsumers', language, { count: String(otherConsumers) })
  return undefined
}
