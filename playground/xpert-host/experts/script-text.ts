import { randomBytes } from 'node:crypto'
import type { AnswerStep, Turn } from './answer'
import { pause } from './pause'

/** `{input}`, `{files}` and `{n}` of a script's text. */
export const fillIn = (text: string, turn: Turn): string =>
  text
    .replaceAll('{files}', () => turn.files.map(({ name, mimeType, size }) => `${name} ${mimeType} ${size}`).join('; '))
    .replaceAll('{input}', () => turn.input)
    .replaceAll('{n}', String(turn.number))

/** One piece per word, or `count` pieces of about the same length; never more pieces than characters. */
export function cut(text: string, count?: number): string[] {
  if (count === undefined) return text.split(/(?<=\s)(?=\S)/)
  const characters = [...text]
  const pieces = Math.max(1, Math.min(count, characters.length))
  return Array.from({ length: pieces }, (_, index) =>
    characters
      .slice(Math.floor((index * characters.length) / pieces), Math.floor(((index + 1) * characters.length) / pieces))
      .join('')
  )
}

export const modelMessageId = (): string => `chatcmpl-${randomBytes(8).toString('hex')}`
export const toolCallId = (): string => `call_${randomBytes(8).toString('hex')}`

/** The text of one model call, piece by piece. */
export async function* speak(
  text: string,
  turn: Turn,
  pace: { deltas?: number; everyMs?: number } = {}
): AsyncGenerator<AnswerStep> {
  const id = modelMessageId()
  let first = true
  for (const piece of cut(fillIn(text, turn), pace.deltas)) {
    if (!first && pace.everyMs) await pause(pace.everyMs, turn.signal)
    first = false
    yield { type: 'text', id, text: piece }
  }
}
