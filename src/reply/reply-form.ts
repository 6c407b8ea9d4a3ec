import { LarkApiError } from '../lark'

/**
 * How an answer is shown, the best form first: a card entity that streams, a card that is patched, a post, a text. A form
 * is left only when Lark has definitely refused it.
 */
const REPLY_FORMS = ['entity', 'card', 'post', 'text'] as const
export type ReplyForm = (typeof REPLY_FORMS)[number]

const nextForm = (form: ReplyForm): ReplyForm | undefined => REPLY_FORMS[REPLY_FORMS.indexOf(form) + 1]

/** Only these can change once they are sent. */
export const isCardForm = (form: ReplyForm): boolean => form === 'entity' || form === 'card'

/** No form of the message would pass. */
const HOPELESS: ReadonlySet<string> = new Set(['quota', 'credentials', 'content_refused', 'forbidden', 'target_gone'])

/** What to try after a definite refusal; undefined when there is nothing left to try. */
export const formAfter = (form: ReplyForm, refusal: LarkApiError): ReplyForm | undefined => {
  // A missing scope or an expired entity concerns entities alone.
  if (form === 'entity' && refusal.api.startsWith('cardkit.') && refusal.code !== 'credentials') return 'card'
  return HOPELESS.has(refusal.code) ? undefined : nextForm(form)
}
