import { DoctorFacts } from './doctor-facts'
import { Said } from './said'

/** Who answers, of an integration that is saved: whatever else is in order, without them every message is refused. */
export const expert = ({ expert: found }: DoctorFacts): Said | null => {
  if (!found) return null
  const { name, isElsewhere } = found
  switch (found.state) {
    case 'answers':
      return ['ok', isElsewhere ? 'doctorExpertElsewhere' : 'doctorExpertAnswers', { name }]
    case 'off':
      return ['fail', 'doctorExpertOff', { name }]
    case 'invalid':
      return ['fail', 'doctorExpertInvalid', { name }]
    case 'gone':
      return ['fail', 'doctorExpertGone', { name }]
    case 'none':
      return ['fail', 'doctorExpertNone']
    case 'unknown':
      return ['unknown', 'doctorExpertUnknown']
  }
}
