import { CardJson } from '../lark'
import { MAX_APPROVAL_BYTES } from './answer-parts'
import { withoutForeignLinks, withoutMentions } from './card-markdown'
import { nestedBytes } from './split-markdown'

export interface CardButton {
  /** Unique within a card. */
  name: string
  text: string
  look: 'default' | 'primary' | 'danger' | 'text'
  /** What a click brings back. */
  value: Record<string, unknown>
}

export interface CardView {
  /** Markdown of the answer so far, as `answerParts` gives it. */
  markdown: string
  /** Markdown of what a person has to decide. */
  approval?: string
  /** A quiet line below it: progress, or why it ended. */
  note?: string
  buttons?: readonly CardButton[]
}

export const ANSWER_ELEMENT = 'answer'
export const NOTE_ELEMENT = 'note'

/** An element's text can be changed to anything but nothing. */
const NO_NOTE = ' '

const MAX_NOTE_BYTES = 1_000
const MAX_SUMMARY = 50

const cut = (text: string, limit: number): string => {
  if (nestedBytes(text) <= limit) return text
  let size = 0
  let kept = ''
  for (const character of text) {
    size += nestedBytes(character)
    if (size > limit) break
    kept += character
  }
  return `${kept}…`
}

const harmless = (text: string): string => withoutMentions(withoutForeignLinks(text))

export const noteText = (view: CardView): string => harmless(cut(view.note ?? '', MAX_NOTE_BYTES)) || NO_NOTE

const summaryOf = (view: CardView): string => {
  const said = (view.markdown || view.note || '').slice(0, 500).replace(/\s+/g, ' ').trim()
  const text = [...said.toWellFormed()]
  return withoutMentions(text.length > MAX_SUMMARY ? `${text.slice(0, MAX_SUMMARY - 1).join('')}…` : text.join(''))
}

const markdownElement = (id: string, content: string, more: CardJson = {}): CardJson => ({
  tag: 'markdown',
  element_id: id,
  content,
  ...more
})

const buttonElement = (button: CardButton): CardJson => ({
  tag: 'button',
  element_id: button.name,
  name: button.name,
  type: button.look,
  size: 'small',
  text: { tag: 'plain_text', content: button.text },
  behaviors: [{ type: 'callback', value: button.value }]
})

const buttonRow = (buttons: readonly CardButton[]): CardJson => ({
  tag: 'column_set',
  flex_mode: 'flow',
  horizontal_spacing: 'small',
  columns: buttons.map((button) => ({ tag: 'column', width: 'auto', elements: [buttonElement(button)] }))
})

/** While a card streams, its elements can only change their texts: so all of them are there from the start. */
const elementsOf = (view: CardView, streams: boolean): CardJson[] => {
  const elements: CardJson[] = []
  if (view.markdown || streams) elements.push(markdownElement(ANSWER_ELEMENT, view.markdown))
  if (view.approval) elements.push(markdownElement('approval', harmless(cut(view.approval, MAX_APPROVAL_BYTES))))
  if (view.note || streams) elements.push(markdownElement(NOTE_ELEMENT, noteText(view), { text_size: 'notation' }))
  if (view.buttons?.length) elements.push(buttonRow(view.buttons))
  return elements
}

/** A JSON 2.0 card; `update_multi` is what lets it be patched (lark-platform §5.2). */
export const renderCard = (view: CardView, streams = false): CardJson => ({
  schema: '2.0',
  config: { update_multi: true, streaming_mode: streams, summary: { content: summaryOf(view) } },
  body: { elements: elementsOf(view, streams) }
})

const plainOf = (view: CardView): string => [view.markdown, view.approval, view.note].filter(Boolean).join('\n\n')

/** Where Lark takes no card: a rich text, which has no buttons. */
export const renderPost = (view: CardView): Record<string, unknown> => ({
  zh_cn: { title: '', content: [[{ tag: 'md', text: harmless(plainOf(view)) }]] }
})

export const renderText = (view: CardView): Record<string, unknown> => ({ text: withoutMentions(plainOf(view)) })
