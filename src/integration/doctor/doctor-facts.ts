import { Audience, BotIdentity, ConsoleApp, EndpointAnswer, LarkApiError, LarkReaction } from '../../lark'
import { IntegrationConnection } from '../../long-connection'
import { LarkSettings, PublishedExpert } from '../../settings'
import { inTime } from '../../shared'
import { WebhookFigures } from '../../webhook'
import { WebhookUrl } from '../webhook-url'

/** What Lark answered to one question, or why it did not. */
export type Finding<T> = { known: T } | { refused: LarkReaction; larkCode: number } | 'not_asked'

/** Everything that the lines are made of, gathered once. */
export interface DoctorFacts {
  settings: LarkSettings
  isSaved: boolean
  /** How far Lark's clock is ahead of ours. */
  credentials: Finding<{ clockAheadMs: number | null }>
  endpoint: Finding<EndpointAnswer>
  bot: Finding<BotIdentity>
  scopes: Finding<ReadonlySet<string>>
  app: Finding<ConsoleApp>
  audience: Finding<Audience | undefined>
  /** Open long connections of the app, ours included. */
  connections: Finding<number | null>
  /** Whether what it reads of the contacts is chosen by user groups. */
  userGroups: Finding<boolean>
  connection: IntegrationConnection | null
  webhookUrl: WebhookUrl
  callbacks: WebhookFigures
  /** Of accepted events; null where none came. */
  last: { message: Date | null; click: Date | null }
  /** Null before the first save. */
  expert: PublishedExpert | null
}

/** Never throws; a time-out is an answer too. */
export const findOut = async <T>(limitMs: number, ask: () => Promise<T>): Promise<Finding<T>> => {
  try {
    return { known: await inTime(limitMs, 'a question to Lark', ask()) }
  } catch (error) {
    return error instanceof LarkApiError
      ? { refused: error.code, larkCode: error.larkCode }
      : { refused: 'unknown_outcome', larkCode: 0 }
  }
}

export const isKnown = <T>(finding: Finding<T>): finding is { known: T } =>
  typeof finding === 'object' && 'known' in finding

/** The next answer may be another one. */
const PASSING: ReadonlySet<LarkReaction> = new Set(['retry', 'unknown_outcome', 'slow_down'])

export const isPassing = (finding: Finding<unknown>): boolean =>
  typeof finding === 'object' && 'refused' in finding && PASSING.has(finding.refused)

export const isRefused = (finding: Finding<unknown>, reaction: LarkReaction): boolean =>
  typeof finding === 'object' && 'refused' in finding && finding.refused === reaction
