import { ViewManifest } from '../../host'
import { CONNECTION_MODES } from '../../settings'
import { TabSituation } from './common'
import { messagesManifest, sessionsManifest, usersManifest } from './list-manifests'
import { diagnosisManifest, statusManifest } from './status-manifests'

export { HOST_TYPE, PROVIDER_KEY, SLOT, TabSituation } from './common'

/** One fault in one label, and the host hides all of them (host-contract §3.6). */
export const manifestsFor = (situation: TabSituation): ViewManifest[] => [
  statusManifest(situation),
  diagnosisManifest,
  usersManifest,
  sessionsManifest,
  messagesManifest(situation)
]

/** All that there are, for tests that must not forget one. */
export const everySituation: readonly TabSituation[] = CONNECTION_MODES.flatMap((mode) =>
  [true, false].flatMap((isSwitchedOff) =>
    [true, false].map((showsTexts) => ({ mode, isSwitchedOff, showsTexts, badge: 'connected' }))
  )
)
