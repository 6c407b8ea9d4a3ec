import { MessageEvent, readableText } from '../../lark'
import { textLines } from '../../shared'
import { labelOf } from '../speaker-label'
import { cut, quotation } from './quotation'

/** All of it together; the latest messages count most. */
const MAX_CHARACTERS = 6_000

/** Only a message begins at the start of a line: its further lines can not pass for somebody else's. */
const lineOf = (event: MessageEvent, nameOf: (openId: string) => string): string => {
  const lines = textLines(readableText(event, null).text)
  return `${labelOf(nameOf(event.sender.openId ?? ''))} ${lines.join('\n  ')}`
}

/** What was said before in the same place, with who said it, oldest first; empty when there is nothing. */
export const historyText = (events: readonly MessageEvent[], nameOf: (openId: string) => string): string => {
  const lines: string[] = []
  let room = MAX_CHARACTERS
  for (const event of [...events].reverse()) {
    const line = lineOf(event, nameOf)
    // What a long one, such as a pasted log, begins with: the question may be about just that.
    lines.unshift(cut(line, room))
    room -= line.length + 1
    if (room <= 0) break
  }
  return lines.length === 0 ? '' : `Earlier in this chat:\n${quotation(lines.join('\n'))}`
}
