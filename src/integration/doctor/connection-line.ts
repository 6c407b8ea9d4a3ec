import { causeOf, lossNumber, lossText, obstacleText, standingOf, standingText } from '../../long-connection'
import { minuteText } from '../../shared'
import { DoctorFacts, isKnown } from './doctor-facts'
import { Said } from './said'

export const connection = ({ connection: found, endpoint, isSaved }: DoctorFacts): Said => {
  const standing = standingOf(found)
  const obstacle = obstacleText(standing)
  // Nothing is wrong with a secret that is only being checked.
  if (obstacle) return [standing === 'secret_unchecked' ? 'warn' : 'fail', obstacle]
  if (standing === 'connected')
    return ['ok', 'doctorConnected', { time: minuteText(found?.lastConnectedAt ?? found?.since ?? new Date(0)) }]
  const answer = isKnown(endpoint) ? endpoint.known : null
  const error = found && causeOf(found)
  const code = answer && !answer.ok ? String(answer.code) : error?.code
  const isFailed = isSaved && (standing === 'failed' || (answer !== null && !answer.ok))
  const verdict = isFailed ? 'fail' : 'warn'
  const state = standingText(standing)
  if (code === undefined) return [verdict, 'doctorNotConnected', { state }]
  return [verdict, 'doctorNotConnectedFor', { state, error: lossText(code), code, number: lossNumber(code) }]
}
