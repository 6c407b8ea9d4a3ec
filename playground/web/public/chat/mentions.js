const MOST = 8

/** Who may be mentioned in a chat: its people and bots, and everybody; nobody in a direct chat. */
export function mentionable(chat, { people, bots, me }) {
  if (!chat || chat.mode === 'p2p') return []
  return [
    ...bots.filter(({ appId }) => chat.appIds.includes(appId)).map(({ name }) => name),
    ...people.filter(({ userId }) => chat.userIds.includes(userId) && userId !== me).map(({ name }) => name),
    'all'
  ]
}

/** The names that complete an `@` just before the caret, or undefined when none is being written. */
export function completions(text, caret, names) {
  const begun = /(?:^|\s)@([^\s@]*)$/.exec(text.slice(0, caret))?.[1]?.toLowerCase()
  if (begun === undefined) return undefined
  const matching = names.filter((name) => name.toLowerCase().startsWith(begun)).slice(0, MOST)
  return matching.length > 0 ? matching : undefined
}

/** The text with the name in place of what was begun, and where the caret stands then. */
export function complete(text, caret, name) {
  const start = text.slice(0, caret).lastIndexOf('@')
  const before = `${text.slice(0, start)}@${name} `
  return { text: before + text.slice(caret), caret: before.length }
}
