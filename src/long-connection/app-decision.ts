import { appKeyOf } from '../lark'
import { LarkIntegration } from '../settings'
import { ConnectionConflict } from './connection.entity'

export interface Scope {
  tenantId: string
  organizationId: string | null
}

/** Whether Lark takes an integration's own secret; `unknown` until it was asked. */
export type Verdict = 'accepted' | 'refused' | 'unknown'

/** What a decision needs beyond the integrations themselves. */
export interface Evidence {
  /** The scope that the app's row names, if any; `isProven`: Lark took its secret and has not refused it since. */
  recorded?: Scope & { isProven: boolean }
  /** Asked only where it matters: most apps have one integration, whose connection is its own check. */
  verdictOf(integration: LarkIntegration): Verdict
  /** Whether something of this scope is listed, but can not be read just now. */
  isUnclear(scope: Scope): boolean
}

/** One app that needs a connection: whose it is, and which integrations share it. */
export interface WantedApp extends Scope {
  appKey: string
  integrations: LarkIntegration[]
  conflicts: ConnectionConflict[]
}

export const isSameScope = (left: Scope, right: { tenantId: string | null; organizationId: string | null }): boolean =>
  left.tenantId === right.tenantId && left.organizationId === right.organizationId

/** The integrations in long-connection mode by app, in one order on every instance. */
export const byApp = (integrations: readonly LarkIntegration[]): Map<string, LarkIntegration[]> => {
  const apps = new Map<string, LarkIntegration[]>()
  const candidates = integrations
    .filter(({ settings }) => settings.connectionMode === 'long_connection')
    .sort((left, right) => (left.id < right.id ? -1 : 1))
  for (const integration of candidates) {
    const appKey = appKeyOf(integration.settings)
    apps.set(appKey, [...(apps.get(appKey) ?? []), integration])
  }
  return apps
}

/**
 * Whose the app is, and who shares its connection. A scope that has proved itself keeps the app for as long as it names it,
 * also over a restart; anybody else must have a secret that Lark takes, and only where nobody has is one tried as it is, so
 * that its failure says why. Null while that can not be said: then nobody connects anew.
 */
export const decideApp = (
  appKey: string,
  candidates: readonly LarkIntegration[],
  evidence: Evidence
): WantedApp | null => {
  const scope = scopeOf(candidates, evidence)
  if (!scope) return null
  const own = candidates.filter((candidate) => isSameScope(candidate, scope))
  const members = membersOf(own, evidence)
  if (members.length === 0) return null
  const conflicts = candidates
    .filter((candidate) => !members.includes(candidate))
    .map((candidate) => ({ integrationId: candidate.id, code: CONFLICTS[evidence.verdictOf(candidate)] }))
  return { appKey, tenantId: scope.tenantId, organizationId: scope.organizationId, integrations: members, conflicts }
}

const isContested = ([first, ...others]: readonly LarkIntegration[]): boolean =>
  first !== undefined &&
  others.some((other) => !isSameScope(first, other) || first.settings.appSecret !== other.settings.appSecret)

const scopeOf = (candidates: readonly LarkIntegration[], evidence: Evidence): Scope | undefined => {
  const { recorded, verdictOf, isUnclear } = evidence
  const isRecorded = (candidate: Scope): boolean => recorded !== undefined && isSameScope(candidate, recorded)
  const named = candidates.find(isRecorded)
  if (recorded?.isProven && (named || isUnclear(recorded))) return named
  if (!isContested(candidates)) return candidates[0]
  const verdicts = candidates.map((candidate) => ({ candidate, verdict: verdictOf(candidate) }))
  const accepted = verdicts.filter(({ verdict }) => verdict === 'accepted').map(({ candidate }) => candidate)
  if (accepted.length > 0) return accepted.find(isRecorded) ?? accepted[0]
  return verdicts.some(({ verdict }) => verdict === 'unknown') ? undefined : (named ?? candidates[0])
}

/** Of the scope's own integrations those whose secret is right; where none is, the first, whose failure is then told. */
const membersOf = (own: readonly LarkIntegration[], { verdictOf }: Evidence): LarkIntegration[] => {
  if (!isContested(own)) return [...own]
  const accepted = own.filter((integration) => verdictOf(integration) === 'accepted')
  if (accepted.length > 0) return accepted
  return own.some((integration) => verdictOf(integration) === 'unknown') ? [] : own.slice(0, 1)
}

const CONFLICTS: Record<Verdict, ConnectionConflict['code']> = {
  accepted: 'other_organization',
  refused: 'secret_refused',
  unknown: 'secret_unchecked'
}
