import { textLines } from '../../shared'

/** A model that reads more of it reads the question less. */
const MAX_QUOTE = 8_000

export const cut = (text: string, limit: number): string => (text.length > limit ? `${text.slice(0, limit)} […]` : text)

/** Somebody's words as Markdown quotation, so that they can not pass for the question or for a label of ours. */
export const quotation = (text: string, limit = MAX_QUOTE): string =>
  textLines(cut(text, limit))
    .map((line) => `> ${line}`)
    .join('\n')
    .toWellFormed()
