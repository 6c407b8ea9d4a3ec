import type { Chat, Mention, Mentioned } from '../state/model'
import type { World } from '../state/world'

export interface MentionedText {
  text: string
  mentions: Mention[]
}

/** Numbers mentions in the order in which they stand. `@all` has a placeholder but, as on the platform, no entry. */
export class MentionList {
  readonly mentions: Mention[] = []

  add(target: Mentioned, name: string): string {
    const key = `@_user_${this.mentions.length + 1}`
    this.mentions.push({ key, target, name })
    return key
  }
}

/** Replaces '@Name' of the chat's members by placeholders; the longest name wins. */
export function scanMentions(world: World, chat: Chat, text: string, list: MentionList): string {
  const candidates = membersOf(world, chat).sort((a, b) => b.name.length - a.name.length)
  let result = ''
  for (let index = 0; index < text.length;) {
    const found = text[index] === '@' ? candidates.find(({ name }) => text.startsWith(name, index + 1)) : undefined
    if (found) {
      result += list.add(found.target, found.name)
      index += found.name.length + 1
    } else if (text.startsWith('@all', index)) {
      result += '@_all'
      index += 4
    } else {
      result += text[index]
      index += 1
    }
  }
  return result
}

function membersOf(world: World, chat: Chat): { target: Mentioned; name: string }[] {
  return [
    ...chat.appIds.map((appId) => ({ target: { kind: 'app' as const, appId }, name: world.app(appId).name })),
    ...chat.userIds.map((userId) => ({ target: { kind: 'user' as const, userId }, name: world.user(userId).name }))
  ]
}

/** Shows placeholders as a person sees them. Longer keys first: '@_user_1' is a prefix of '@_user_11'. */
export function showMentions(text: string, mentions: Mention[]): string {
  return text.replace(/@_user_\d+|@_all/g, (key) => {
    const mention = mentions.find((candidate) => candidate.key === key)
    return mention ? `@${mention.name}` : key === '@_all' ? '@all' : key
  })
}
