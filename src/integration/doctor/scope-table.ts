import { TextKey } from '../../i18n'
import { EVERY_MESSAGE_SCOPES, GROUP_SCOPES, PEOPLE_SCOPES, USER_GROUP_SCOPES } from '../../lark'
import { DoctorFacts, isKnown } from './doctor-facts'

export interface ScopeRow {
  scope: string
  feature: TextKey
  /** Without it the product does not do what its page says. */
  isRequired: boolean
  /** Wider or older scopes that include it (lark-platform 3.3, 5). */
  orElse: readonly string[]
  /** Where it would unlock nothing it is not named. */
  isOfUse?: (facts: Pick<DoctorFacts, 'userGroups'>) => boolean
}

const required = (scope: string, feature: TextKey, ...orElse: string[]): ScopeRow => ({
  scope,
  feature,
  isRequired: true,
  orElse
})
const optional = (scope: string, feature: TextKey, ...orElse: string[]): ScopeRow => ({
  scope,
  feature,
  isRequired: false,
  orElse
})
const anyOf = ([scope, ...orElse]: typeof PEOPLE_SCOPES, feature: TextKey): ScopeRow =>
  optional(scope, feature, ...orElse)

/** The five of the product page, then what other features need and do without when it is missing. */
export const SCOPES: readonly ScopeRow[] = [
  required('im:message.group_at_msg.include_bot:readonly', 'featureGroupBots'),
  required('im:message.group_at_msg:readonly', 'featureGroup', 'im:message.group_at_msg', ...EVERY_MESSAGE_SCOPES),
  required('im:message.p2p_msg:readonly', 'featureDirect', 'im:message.p2p_msg'),
  required('im:message.reactions:write_only', 'featureReactions', 'im:message'),
  required('im:message:send_as_bot', 'featureSend', 'im:message'),
  optional('cardkit:card:write', 'featureStreaming'),
  anyOf(EVERY_MESSAGE_SCOPES, 'featureEveryGroupMessage'),
  optional('im:message:readonly', 'featureFiles', 'im:message'),
  optional('im:resource', 'featureUploads', 'im:resource:upload'),
  anyOf(GROUP_SCOPES, 'featureGroups'),
  anyOf(PEOPLE_SCOPES, 'featurePeople'),
  {
    ...anyOf(USER_GROUP_SCOPES, 'featureUserGroups'),
    isOfUse: ({ userGroups }) => isKnown(userGroups) && userGroups.known
  },
  optional('contact:user.base:readonly', 'featureNames', 'contact:contact:readonly'),
  optional('application:application:self_manage', 'featureSelfManage')
]
