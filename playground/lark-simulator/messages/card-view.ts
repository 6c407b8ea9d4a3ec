import { lossyCard } from '../cards/card-texts'
import type { App, Message } from '../state/model'
import type { World } from '../state/world'
import { MentionList } from './mentions'

type Json = Record<string, unknown>

const AT = /<at id=(\w+)><\/at>/g

/** A card of JSON 2.0 is shown to receivers as a sentence for clients that are too old. */
const STAND_IN = {
  title: null,
  elements: [
    [
      { tag: 'img', image_key: 'img_v3_02ad_stand_in' },
      { tag: 'text', text: '请升级至最新版本客户端，以查看内容' },
      { tag: 'text', text: '' }
    ]
  ]
}

/** What receivers and readers get instead of a card, where they do not ask for the card as it was sent. */
export const standIn = (card: Json): Json => (card.schema === '2.0' ? STAND_IN : lossyCard(card))

/** Whom a card mentions, in the order in which they stand. */
export function mentionsInCard(world: World, card: Json): MentionList {
  const list = new MentionList()
  const ids = [...JSON.stringify(card).matchAll(AT)].map((match) => match[1])
  for (const subject of new Set(ids.map((id) => world.findOpenId(id)?.subject)))
    if (subject)
      list.add(subject, subject.kind === 'user' ? world.user(subject.userId).name : world.app(subject.appId).name)
  return list
}

/** Events carry the stand-in and, as text, the card as it was sent, its mentions named by the keys of `mentions`. */
export function cardInEvent(world: World, viewer: App, message: Message, card: Json): Json {
  const dsl = JSON.stringify(card).replace(AT, (whole, id: string) => {
    const subject = world.findOpenId(id)?.subject
    const mention = message.mentions.find(({ target }) => JSON.stringify(target) === JSON.stringify(subject))
    return subject && mention ? `<at mention_key=${mention.key} id=${world.openIdOf(viewer, subject)}></at>` : whole
  })
  return { ...standIn(card), user_dsl: dsl }
}
