import { minuteText, stringOf } from '../../shared'

/** Longest name, title or label that goes into one line. */
const MAX_LINE = 200

/** What somebody called something, as one line that can not pass for a label of ours. */
export const lineOf = (value: unknown): string => {
  const line = stringOf(value)
    .replace(/[[\]\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
  return line.length > MAX_LINE ? `${[...line].slice(0, MAX_LINE).join('')}…` : line
}

/** Lark writes times as milliseconds, in strings or numbers. Empty for anything else. */
export const momentOf = (value: unknown): string => {
  const milliseconds = typeof value === 'number' ? value : Number(stringOf(value) || Number.NaN)
  const moment = new Date(milliseconds)
  return milliseconds > 0 && !Number.isNaN(moment.getTime()) ? minuteText(moment) : ''
}

/** `[label: first, second]`, without what is empty. */
export const labelled = (label: string, ...parts: readonly string[]): string => {
  const known = parts.filter((part) => part !== '')
  return known.length === 0 ? `[${label}]` : `[${label}: ${known.join(', ')}]`
}
