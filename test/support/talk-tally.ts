import { SeenMessage } from '../../playground/lark-simulator/client'
import { InboxRow, World } from './world'

const INTERRUPTED: ReadonlySet<string> = new Set(['run_interrupted', 'run_failed'])

export interface Said {
  text: string
  messageId: string
  chatId: string
  /** Whether that is the whole answer to it. */
  isAnswer(text: string): boolean
  /** Whether that may be said beside the answer. */
  isNotice?(text: string): boolean
}

export interface TalkTally {
  messages: number
  /** Without an answer, or without its outcome. */
  lost: string[]
  /** Its run died, or failed, with its host (host-observed 33, 34): the person sees it, and may ask again. */
  interrupted: number
  /** With a second visible answer or a second inbox row. */
  doubled: string[]
  /** Said beside answers. */
  notices: number
}

/** How each message ended, once all have. */
export const tallyOf = async (world: World, all: readonly Said[]): Promise<TalkTally> => {
  const lost: string[] = []
  const doubled: string[] = []
  let interrupted = 0
  let notices = 0
  const repliesTo = await repliesIn(world, [...new Set(all.map(({ chatId }) => chatId))])
  for (const said of all) {
    const replies = repliesTo.get(said.messageId) ?? []
    const answers = replies.filter(({ text }) => !said.isNotice?.(text))
    notices += replies.length - answers.length
    const rows = await world.rows(said.messageId)
    const told = (): string =>
      `${said.text}: ${JSON.stringify({ ...said, replies: replies.map(shown), rows: rows.map(outcome) })}`
    if (answers.length === 1 && INTERRUPTED.has(rows[0]?.reason ?? '')) interrupted += 1
    else if (!isAnswered(said, answers, rows)) lost.push(told())
    if (answers.length > 1 || rows.length > 1) doubled.push(told())
  }
  return { messages: all.length, lost, interrupted, doubled, notices }
}

const isAnswered = (said: Said, answers: readonly SeenMessage[], rows: readonly InboxRow[]): boolean =>
  answers.some(({ text }) => said.isAnswer(text)) && rows[0]?.state === 'answered'

const shown = ({ messageId, text }: SeenMessage): object => ({ messageId, text })

const outcome = ({ id, state, reason, turn_id }: InboxRow): object => ({ id, state, reason, turn_id })

/** Visible replies by the message that they reply to. */
const repliesIn = async ({ lark }: World, chatIds: readonly string[]): Promise<Map<string, SeenMessage[]>> => {
  const found = new Map<string, SeenMessage[]>()
  for (const chatId of chatIds) {
    for (const message of await lark.read(chatId)) {
      if (!message.fromBot || message.recalled || message.replyTo === undefined) continue
      found.set(message.replyTo, [...(found.get(message.replyTo) ?? []), message])
    }
  }
  return found
}
