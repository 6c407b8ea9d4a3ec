import { COMMAND_WORDS, CommandName } from './command-words'

export interface Command {
  name: CommandName
  /** What follows `/new`: the first question of the new session. Empty otherwise. */
  text: string
}

const names = Object.keys(COMMAND_WORDS) as CommandName[]

/** Chinese keyboards write a wide slash. */
const SLASH = /^[/／](\S+)(?:\s+(\S[\s\S]*))?$/

const named = (word: string): CommandName | undefined =>
  names.find((name) => {
    const { english, chinese } = COMMAND_WORDS[name]
    return english.includes(word.toLowerCase()) || chinese.includes(word)
  })

/**
 * The command that a text is, if any. Only `/new` takes a text behind it: "/stop it, please" is a sentence. Unknown slash words
 * are ordinary text.
 */
export const readCommand = (text: string): Command | null => {
  const trimmed = text.trim()
  const [, word, rest = ''] = SLASH.exec(trimmed) ?? []
  const name = word === undefined ? names.find((each) => COMMAND_WORDS[each].chinese.includes(trimmed)) : named(word)
  if (!name || (rest.trim() !== '' && name !== 'new')) return null
  return { name, text: rest.trim() }
}
