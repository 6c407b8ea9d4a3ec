import { Injectable } from '@nestjs/common'
import { LarkIntegration } from '../settings'
import { ChatRepository } from './chat.repository'
import { ChosenTargets } from './chosen'
import { LiveLists, MOST_ENTRIES } from './live-lists'
import { MOST_IDS } from '../lark'
import { UserRepository } from './user.repository'

/** One entry as the host's select takes it (host-contract §6). */
export interface SelectOption {
  value: string
  label: string
  description: string
  icon: string
}

type Names = Map<string, string | undefined>

const USER_ICON = 'ri-user-line'
const GROUP_ICON = 'ri-group-line'

/** Each id once, in the order of its first place; with the name of the last list that has one. */
const merged = (...lists: [id: string, name: string | null | undefined][][]): Names => {
  const names: Names = new Map()
  for (const [id, name] of lists.flat()) if (name || !names.has(id)) names.set(id, name || undefined)
  return names
}

/** An id without a name is still an entry that can be chosen, and one that was chosen is still shown. */
const toOptions = (names: Names, icon: string): SelectOption[] =>
  [...names].slice(0, MOST_ENTRIES).map(([id, name]) => ({ value: id, label: name ?? id, description: id, icon }))

const byName = (left: { name?: string }, right: { name?: string }): number =>
  (left.name ?? '').localeCompare(right.name ?? '')

/**
 * What the trigger's form chooses from. The host's select loads once and filters itself: so everybody is in the list, what
 * is chosen first, then whom we know, then whom Lark lists. They are called what Lark calls them now: what is recorded may be old.
 */
@Injectable()
export class Pickers {
  constructor(
    private readonly users: UserRepository,
    private readonly chats: ChatRepository,
    private readonly live: LiveLists,
    private readonly chosen: ChosenTargets
  ) {}

  /** `selected`: what the form holds just now, where it says so. */
  async people(integration: LarkIntegration, selected: readonly string[]): Promise<SelectOption[]> {
    const { openIds } = await this.chosen.of(integration.id)
    const wanted = [...new Set([...openIds, ...selected])]
    const [known, recorded, listed] = await Promise.all([
      this.users.named(integration.id, wanted),
      this.users.forPicker(integration.id, MOST_ENTRIES),
      this.live.people(integration)
    ])
    const names = merged(
      wanted.map((id) => [id, undefined]),
      [...known, ...recorded].map(({ openId, name }) => [openId, name]),
      listed.sort(byName).map(({ openId, name }) => [openId, name])
    )
    const nameless = wanted.filter((id) => !names.get(id)).slice(0, MOST_IDS)
    for (const { openId, name } of await this.live.named(integration, nameless)) if (name) names.set(openId, name)
    return toOptions(names, USER_ICON)
  }

  async groups(integration: LarkIntegration, selected: readonly string[]): Promise<SelectOption[]> {
    const { chatIds } = await this.chosen.of(integration.id)
    const wanted = [...new Set([...chatIds, ...selected])]
    const [known, recorded, listed] = await Promise.all([
      this.chats.named(integration.id, wanted),
      this.chats.forPicker(integration.id, MOST_ENTRIES),
      this.live.groups(integration)
    ])
    const names = merged(
      wanted.map((id) => [id, undefined]),
      [...known, ...recorded].map(({ chatId, name }) => [chatId, name]),
      listed.sort(byName).map(({ chatId, name }) => [chatId, name])
    )
    return toOptions(names, GROUP_ICON)
  }
}
