import { RunFile } from '../../host'
import { LARK_CODES, LarkApiError, LarkReaction, MessageResource } from '../../lark'

/** Something to read, and the message through which Lark gives it out. */
export interface WantedFile {
  messageId: string
  resource: MessageResource
}

/** Why somebody's file does not reach the expert; what is said of it depends on this. */
export type FileRefusal =
  | 'too_large'
  | 'too_large_for_host'
  | 'too_many'
  /** A run that is given one fails (host-contract §4.7). */
  | 'sound'
  | 'empty'
  | 'permission'
  /** Lark lets an app read single messages of groups only with the right to read all of them. */
  | 'group_permission'
  | 'restricted'
  | 'gone'
  | 'not_downloadable'
  | 'failed'
  | 'host_refused'

interface Described {
  name: string
  mimeType: string
  bytes: number
}

/** What travels along with the question, what lies in the expert's workspace, or what can not be had. */
export type Attachment =
  (Described & { file: RunFile }) | (Described & { workspacePath: string }) | { name: string; refusal: FileRefusal }

/** Numbers of which the reaction alone says too little (lark-platform §5.6, §13.1). */
const BY_CODE: Record<number, FileRefusal> = {
  [LARK_CODES.groupScopeMissing]: 'group_permission',
  [LARK_CODES.scopeMissing]: 'permission',
  [LARK_CODES.externalGroup]: 'restricted',
  [LARK_CODES.downloadsRestricted]: 'restricted',
  [LARK_CODES.notOfThisType]: 'not_downloadable'
}

const BY_REACTION: Partial<Record<LarkReaction, FileRefusal>> = {
  too_long: 'too_large',
  target_gone: 'gone',
  forbidden: 'restricted'
}

export const larkRefusalOf = (error: unknown): FileRefusal =>
  error instanceof LarkApiError ? (BY_CODE[error.larkCode] ?? BY_REACTION[error.code] ?? 'failed') : 'failed'

const TRANSIENT: ReadonlySet<LarkReaction> = new Set(['retry', 'unknown_outcome', 'slow_down', 'token'])

/** Another try may help: a fault of the network or of Lark, not its word. */
export const isTransient = (error: unknown): boolean => !(error instanceof LarkApiError) || TRANSIENT.has(error.code)
