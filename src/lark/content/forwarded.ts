import { textLines } from '../../shared'
import { momentOf, lineOf } from './fields'
import { readableText } from './readable-text'
import { RestMessage } from './rest-message'

const MAX_MESSAGES = 100
const MAX_DEPTH = 5

/** As long as a long mail; the rest is said to be missing. */
const MAX_CHARACTERS = 20_000

/** A further line of a message that can not pass for the next message, or for one of a bundle in this one. */
const furtherLine = (line: string): string => {
  const [marks = ''] = /^[\s>]*/.exec(line) ?? []
  const words = line.slice(marks.length)
  return marks.replace('>', '\\>') + (words.startsWith('**') ? `\\*\\*${words.slice(2)}` : words)
}

/** Who wrote what, in the order of the bundle, a bundle in it one level deeper. Files in it are only named: Lark does not give them out (234043). */
class Bundle {
  private readonly lines: string[] = []
  private messages = 0
  private characters = 0
  private left = 0

  constructor(
    private readonly children: ReadonlyMap<string, readonly RestMessage[]>,
    private readonly nameOf: (message: RestMessage) => string
  ) {}

  read(bundleId: string): string {
    this.add(bundleId, 1)
    if (this.left > 0) this.lines.push(`> [${this.left} more messages are left out]`)
    // It may end within a pair of surrogates.
    return this.lines.join('\n').toWellFormed()
  }

  private add(bundleId: string, depth: number): void {
    for (const message of this.children.get(bundleId) ?? []) {
      if (this.messages >= MAX_MESSAGES || this.characters >= MAX_CHARACTERS || depth > MAX_DEPTH) {
        this.left += 1
        continue
      }
      this.messages += 1
      this.say(message, depth)
      if (message.messageId !== bundleId) this.add(message.messageId, depth + 1)
    }
  }

  private say(message: RestMessage, depth: number): void {
    const words = message.deleted ? '[recalled]' : readableText(message, null).text
    const bounded = words.slice(0, MAX_CHARACTERS - this.characters)
    this.characters += bounded.length
    const when = momentOf(message.createTime)
    const name = lineOf(this.nameOf(message)).replaceAll('*', '')
    const [first = '', ...further] = textLines(bounded)
    const lines = [`**${name}**${when === '' ? '' : ` (${when})`}: ${first}`, ...further.map(furtherLine)]
    const mark = `${'>'.repeat(depth)} `
    this.lines.push(...lines.map((line) => `${mark}${line}`), '>'.repeat(depth))
  }
}

/**
 * A forwarded bundle as quotation, from what `GET im/v1/messages/:id` answers: the bundle itself, and every message in it
 * with the id of the bundle that it was in. Null when the answer holds none.
 */
export const forwardedText = (
  bundleId: string,
  items: readonly RestMessage[],
  nameOf: (message: RestMessage) => string
): string | null => {
  const children = new Map<string, RestMessage[]>()
  for (const item of items) {
    if (item.messageId === bundleId || item.upperMessageId === undefined) continue
    children.set(item.upperMessageId, [...(children.get(item.upperMessageId) ?? []), item])
  }
  if (!children.has(bundleId)) return null
  return new Bundle(children, nameOf).read(bundleId).replace(/\n>+$/, '')
}
