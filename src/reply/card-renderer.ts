/** Lark refuses a card message above 30 KB (lark-platform §5.2); the rest of the card and JSON escapes need room too. */
export const MAX_CARD_TEXT_BYTES = 20_000

export interface CardView {
  /** Markdown of the answer so far. */
  markdown: string
  /** A quiet line below it: progress, or why it ended. */
  note?: string
}

const AT_TAG = /<(\/?)at\b/gi

/** An `<at id=all>` that a model was talked into would ping everybody: in an answer it is only text. */
export const withoutMentions = (markdown: string): string => markdown.replace(AT_TAG, '&#60;$1at')

const summaryOf = (view: CardView): string => {
  const text = (view.markdown || view.note || '').replace(/\s+/g, ' ').trim()
  return text.length > 50 ? `${text.slice(0, 49)}…` : text
}

/** A JSON 2.0 card; `update_multi` is what lets it be patched (lark-platform §5.2). */
export const renderCard = (view: CardView): Record<string, unknown> => {
  const elements: Record<string, unknown>[] = []
  if (view.markdown) elements.push({ tag: 'markdown', element_id: 'answer', content: withoutMentions(view.markdown) })
  if (view.note) elements.push({ tag: 'markdown', element_id: 'note', content: view.note, text_size: 'notation' })
  return {
    schema: '2.0',
    config: { update_multi: true, summary: { content: summaryOf(view) } },
    body: { elements }
  }
}
