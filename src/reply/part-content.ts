import { createHash } from 'node:crypto'
import { brokenForeignLinks, withoutImages, withoutMentions, withinTableBudget } from './card-markdown'
import { CardView, renderCard, renderPost, renderText } from './card-renderer'
import { Content } from './delivery'
import { ReplyForm } from './reply-form'
import { ReplyPart } from './held-reply'

export const digestOf = (view: CardView): string =>
  createHash('sha256').update(JSON.stringify(view)).digest('base64').slice(0, 22)

/** The same without what Lark might refuse about it. */
export const plain = (view: CardView): CardView => ({
  ...view,
  markdown: withoutMentions(withinTableBudget(brokenForeignLinks(withoutImages(view.markdown)), 0))
})

/** What is sent for a part of an answer in one of its forms. */
export const contentOf = (form: ReplyForm, view: CardView, part: ReplyPart): Content => {
  switch (form) {
    case 'entity':
      return { msgType: 'interactive', content: { type: 'card', data: { card_id: part.cardId } } }
    case 'card':
      return { msgType: 'interactive', content: renderCard(view) }
    case 'post':
      return { msgType: 'post', content: renderPost(view) }
    case 'text':
      return { msgType: 'text', content: renderText(view) }
  }
}
