import { LarkFault } from '../lark'
import { ReplyForm } from './reply-form'
import { ReplyPhase } from './reply-phase'

/** One message of an answer. */
export interface ReplyPart {
  messageId: string | null
  cardId: string | null
  /** Number of the last operation on the card entity. */
  sequence: number
  /** Digest of what it shows for good. */
  shown?: string
  /** It stands for a message that could not be changed any more. */
  replaces?: boolean
}

/** What the ledger's other columns do not say about the messages of an answer. */
export interface ReplyParts {
  former: ReplyPart[]
  replaces?: boolean
  takenBack?: number
  replaced?: string[]
  filesBehind?: number[]
}

export const newPart = (): ReplyPart => ({ messageId: null, cardId: null, sequence: 0 })

/** One answer, held by this process until `release` or the lease's expiry. */
export interface HeldReply {
  turnId: string
  flushToken: string
  phase: ReplyPhase
  form: ReplyForm | null
  current: ReplyPart
  /** Full cards before the current one. */
  former: ReplyPart[]
  /** How many messages were taken back or replaced: Lark answers with the old one where a new one has its uuid. */
  takenBack: number
  /** Messages to be recalled once those that stand for them are there. */
  replaced: string[]
  /** Of the references in the text of its last state, the places of those whose files were to follow it. */
  filesBehind: number[]
  lastFrameAt: Date | null
  sendingSince: Date | null
  streamingSince: Date | null
  reactionId: string | null
  text: string | null
  /** Why its last state, or a file behind it, is not delivered; null where the state is, or was not tried. */
  fault: LarkFault | null
  /** `performance.now()` of the last write of the lease that the database confirmed: real time, as the database's. */
  confirmedAt: number
  /** A write found that somebody else has taken over. */
  isLost?: boolean
  /** Lets go with the next `save`, which is the last one. */
  released?: boolean
}

/** What of its row the ledger reads. */
export interface LedgerRow {
  turn_id: string
  flush_token: string
  phase: ReplyPhase
  form: ReplyForm | null
  message_id: string | null
  card_id: string | null
  sequence: number
  parts: ReplyParts | null
  last_frame_at: Date | null
  sending_since: Date | null
  streaming_since: Date | null
  reaction_id: string | null
  text: string | null
  fault: LarkFault | null
}

/** Something of it is there, or may be. */
export const isBegun = ({ current, former, sendingSince }: HeldReply): boolean =>
  current.messageId !== null || sendingSince !== null || former.length > 0

/** @param confirmedAt when the statement that took the lease was asked for */
export const heldOf = (row: LedgerRow, confirmedAt: number): HeldReply => ({
  turnId: row.turn_id,
  flushToken: row.flush_token,
  phase: row.phase,
  form: row.form,
  current: {
    messageId: row.message_id,
    cardId: row.card_id,
    sequence: row.sequence,
    replaces: row.parts?.replaces
  },
  former: row.parts?.former ?? [],
  takenBack: row.parts?.takenBack ?? 0,
  replaced: row.parts?.replaced ?? [],
  filesBehind: row.parts?.filesBehind ?? [],
  lastFrameAt: row.last_frame_at,
  sendingSince: row.sending_since,
  streamingSince: row.streaming_since,
  reactionId: row.reaction_id,
  text: row.text,
  fault: row.fault,
  confirmedAt
})

/** Null where the other columns say it all. */
export const partsOf = ({
  current: { replaces },
  former,
  takenBack,
  replaced,
  filesBehind
}: HeldReply): string | null =>
  former.length > 0 || takenBack > 0 || replaces || filesBehind.length > 0
    ? JSON.stringify({ former, replaces, takenBack, replaced, filesBehind } satisfies ReplyParts)
    : null

/** The database has written the lease. Writes may overtake each other. */
export const confirm = (reply: HeldReply, askedAt: number): void => {
  reply.confirmedAt = Math.max(reply.confirmedAt, askedAt)
}
