import { Language, say } from '../i18n'
import { MAX_APPROVAL_BYTES, nestedBytes } from '../reply'
import { AskedAction, ApprovalRequest } from './approval-request'

/** What a person reads before they decide. */
export interface ShownApproval {
  markdown: string
  /** Nothing of it is left out: only then may it be confirmed. */
  isWhole: boolean
}

/** For the sentences around it, in any language. */
const SENTENCES_BYTES = 1_500

/** A block of arguments with less room than this says nothing. */
const SMALLEST_BLOCK_BYTES = 200

/** What nobody sees, or what changes the look of the characters beside it: control, bidi and zero-width characters, and half ones. */
const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

/** Could end the code block, or mention somebody. */
const LIVE = /`{3,}|~{3,}|<(?=\/?at\b)/gi

const escaped = (text: string): string =>
  Array.from({ length: text.length }, (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')

/** All but its line breaks is within strings, where JSON knows the same character as `\u…`. */
const argsText = (args: unknown): string =>
  (JSON.stringify(args, null, 2) ?? '').replace(UNSEEN, escaped).replace(LIVE, escaped)

const plain = (name: string): string => name.replace(/[*`<\n]/g, ' ').replace(UNSEEN, escaped)

const labelOf = ({ title, name }: AskedAction): string =>
  `**${plain(title)}**${title === name ? '' : ` (${plain(name)})`}`

/** The room of a card, and how much had none in it. */
class Room {
  hidden = 0

  constructor(private left: number) {}

  /** All of it, or nothing. */
  has(bytes: number): boolean {
    return bytes <= this.left
  }

  spend(bytes: number): void {
    this.left -= bytes
  }

  /** As much of a text as there is room for. */
  cut(text: string): string {
    const bytes = nestedBytes(text)
    if (this.has(bytes)) {
      this.spend(bytes)
      return text
    }
    let kept = ''
    for (const character of text) {
      const width = nestedBytes(character)
      if (!this.has(width)) break
      this.spend(width)
      kept += character
    }
    this.left = 0
    this.hide(text.slice(kept.length))
    return `${kept}…`
  }

  hide(text: string): void {
    this.hidden += text.length
  }
}

/** The names of all actions, first: none of them hides behind the arguments of another one. */
const listOf = (actions: readonly AskedAction[], room: Room): string[] => {
  if (actions.length < 2) return []
  const lines = actions.map((action, index) => `${index + 1}. ${labelOf(action)}`)
  const shown = lines.filter((line) => {
    const bytes = nestedBytes(`${line}\n`)
    if (!room.has(bytes)) {
      room.hide(line)
      return false
    }
    room.spend(bytes)
    return true
  })
  return [shown.join('\n')]
}

const blockOf = (action: AskedAction, room: Room): string[] => {
  const [before, after] = [`${labelOf(action)}\n\`\`\`json\n`, '\n```']
  const args = argsText(action.args)
  const frame = nestedBytes(`${before}${after}\n\n`)
  if (!room.has(frame + Math.min(nestedBytes(args), SMALLEST_BLOCK_BYTES))) {
    room.hide(before + args)
    return []
  }
  room.spend(frame)
  return [`${before}${room.cut(args)}${after}`]
}

/** Each action with its arguments, as far as a card has room for them; what is missing is said. */
export const shownApproval = (request: ApprovalRequest, language: Language): ShownApproval => {
  const room = new Room(MAX_APPROVAL_BYTES - SENTENCES_BYTES)
  const shown = [...listOf(request.actions, room), ...request.actions.flatMap((action) => blockOf(action, room))]
  const isWhole = room.hidden === 0
  const cut = isWhole ? [] : [say('approvalCut', language, { count: String(room.hidden) })]
  return { markdown: [say('approvalAsked', language), ...shown, ...cut].join('\n\n'), isWhole }
}
