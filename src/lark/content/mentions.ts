import { Mention } from '../events/message-event'

/** No message has more mentions than six digits count: each further one would be another key to look for. */
const PLACEHOLDER = /@_(?:user_(\d{1,6})|all)( ?)/g

/**
 * `@_user_1` is a prefix of `@_user_11` (lark-platform trap 25), and a digit may follow a placeholder without a space: the
 * longest one that was really mentioned counts.
 */
const longestKnown = (digits: string, names: ReadonlyMap<string, string>): string | undefined => {
  for (let length = digits.length; length > 0; length -= 1) {
    const key = `@_user_${digits.slice(0, length)}`
    if (names.has(key)) return key
  }
  return undefined
}

/** The name behind every placeholder; an empty one for the bot itself, which is spoken to and not spoken of. */
const namesOf = (mentions: readonly Mention[], botOpenId: string | undefined): Map<string, string> =>
  new Map(
    mentions.map(({ key, openId, name }) => {
      const isBot = botOpenId !== undefined && openId === botOpenId
      return [key, isBot ? '' : `@${name === '' ? 'unknown' : name}`]
    })
  )

/**
 * A function that puts names where placeholders are; one that nobody was mentioned by stays as it is. The space after the
 * bot's own goes with it.
 */
export const mentionReplacer = (mentions: readonly Mention[], botOpenId: string | undefined) => {
  const names = namesOf(mentions, botOpenId)
  return (text: string): string =>
    text.replace(PLACEHOLDER, (found: string, digits: string | undefined, space: string) => {
      if (digits === undefined) return `@all${space}`
      const key = longestKnown(digits, names)
      if (key === undefined) return found
      const name = names.get(key) ?? ''
      const rest = found.slice(key.length)
      return name === '' && rest === ' ' ? '' : `${name}${rest}`
    })
}
