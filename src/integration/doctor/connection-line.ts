import { stateText } from '../../i18n'
import { causeOf, ConflictCode, exclusionOf, lossNumber, lossText } from '../../long-connection'
import { minuteText } from '../../shared'
import { DoctorFacts, isKnown } from './doctor-facts'
import { Said } from './said'

const EXCLUSIONS: Record<ConflictCode, Said> = {
  other_organization: ['fail', 'connectionOtherOrganization'],
  secret_refused: ['fail', 'connectionSecretRefused'],
  secret_unchecked: ['warn', 'connectionSecretUnchecked'],
  two_bindings: ['fail', 'connectionTwoBindings']
}

export const connection = ({ connection: found, endpoint, isSaved }: DoctorFacts): Said => {
  if (found?.desiredState === 'disconnected') return ['fail', 'connectionDisconnected']
  const exclusion = found && exclusionOf(found)
  if (exclusion) return EXCLUSIONS[exclusion]
  if (found?.state === 'connected')
    return ['ok', 'doctorConnected', { time: minuteText(found.lastConnectedAt ?? found.since ?? new Date(0)) }]
  const answer = isKnown(endpoint) ? endpoint.known : null
  const error = found && causeOf(found)
  const code = answer && !answer.ok ? String(answer.code) : error?.code
  const isFailed = isSaved && (found?.state === 'failed' || (answer !== null && !answer.ok))
  const verdict = isFailed ? 'fail' : 'warn'
  const state = stateText(found?.state ?? 'closed')
  if (code === undefined) return [verdict, 'doctorNotConnected', { state }]
  return [verdict, 'doctorNotConnectedFor', { state, error: lossText(code), code, number: lossNumber(code) }]
}
