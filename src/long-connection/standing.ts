import { TextKey } from '../i18n'
import { ConnectionState } from './connection-record'
import { exclusionOf, IntegrationConnection } from './connection-status'
import { ConflictCode } from './connection.entity'

/** What an integration's long connection is to an admin: the state of its app's one, or why it has no part in that. */
export type Standing = ConnectionState | Obstacle
type Obstacle = ConflictCode | 'disconnected'

/** What was switched off by hand comes first: until it is switched on again nothing else is tried. */
export const standingOf = (
  connection: Pick<IntegrationConnection, 'desiredState' | 'state' | 'conflict' | 'isEclipsed'> | null
): Standing => {
  if (!connection) return 'closed'
  if (connection.desiredState === 'disconnected') return 'disconnected'
  return exclusionOf(connection) ?? connection.state
}

const WORDS: Record<Standing, TextKey> = {
  connecting: 'stateConnecting',
  connected: 'stateConnected',
  reconnecting: 'stateReconnecting',
  failed: 'stateNotMade',
  closed: 'stateClosed',
  disconnected: 'stateDisconnected',
  other_organization: 'stateOtherOrganization',
  secret_refused: 'stateSecretRefused',
  secret_unchecked: 'stateSecretUnchecked',
  two_bindings: 'stateTwoBindings'
}

/** In a word or two. The state of a connection may have been written by a newer version. */
export const standingText = (standing: Standing): TextKey =>
  Object.hasOwn(WORDS, standing) ? WORDS[standing] : WORDS.closed

const OBSTACLES: Record<Obstacle, TextKey> = {
  disconnected: 'connectionDisconnected',
  other_organization: 'connectionOtherOrganization',
  secret_refused: 'connectionSecretRefused',
  secret_unchecked: 'connectionSecretUnchecked',
  two_bindings: 'connectionTwoBindings'
}

const isObstacle = (standing: Standing): standing is Obstacle => Object.hasOwn(OBSTACLES, standing)

/** Why nothing is received, whatever the app's connection does; undefined where that one decides. */
export const obstacleText = (standing: Standing): TextKey | undefined =>
  isObstacle(standing) ? OBSTACLES[standing] : undefined
