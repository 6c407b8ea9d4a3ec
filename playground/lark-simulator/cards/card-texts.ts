import type { SeenButton, SeenCard } from '../contract'
import { elementsOf } from './card-tree'

type Json = Record<string, unknown>

const contentOf = (text: unknown): string => {
  if (typeof text === 'string') return text
  const content = (text as Json | undefined)?.content
  return typeof content === 'string' ? content : ''
}

/** What a person sees of a card, in reading order. */
export function seenCard(card: Json, streaming: boolean): { text: string; card: SeenCard } {
  const header = card.header as Json | undefined
  const title = contentOf(header?.title) || undefined
  const elements = elementsOf(card)
  const markdown = elements.flatMap((element) => markdownOf(element))
  const buttons = elements.filter((element) => element.tag === 'button').map(seenButton)
  const summary = ((card.config as Json | undefined)?.summary as Json | undefined)?.content
  const labels = new Set(elements.filter(({ tag }) => tag === 'button').map(({ text }) => text))
  const read = elements.filter((element) => !labels.has(element))
  const lines = [title, contentOf(header?.subtitle), ...read.flatMap(linesOf)].filter((line) => line?.trim())
  return {
    text: lines.join('\n'),
    card: {
      ...(title && { title }),
      markdown,
      buttons,
      streaming,
      ...(typeof summary === 'string' && { summary }),
      raw: card
    }
  }
}

/** What other receivers get instead of the card that was sent. */
export function lossyCard(card: Json): Json {
  const title = contentOf((card.header as Json | undefined)?.title)
  const lines = elementsOf(card).flatMap(linesOf)
  return { title, elements: lines.map((text) => [{ tag: 'text', text }]) }
}

export function seenButton(element: Json): SeenButton {
  return {
    text: contentOf(element.text),
    ...(typeof element.name === 'string' && { name: element.name }),
    ...(typeof element.element_id === 'string' && { elementId: element.element_id }),
    ...(callbackValue(element) !== undefined && { value: callbackValue(element) }),
    ...(element.disabled === true && { disabled: true })
  }
}

/** 2.0 cards carry the value in a callback behaviour, 1.0 cards in `value`. */
export function callbackValue(element: Json): unknown {
  const behaviors = Array.isArray(element.behaviors) ? (element.behaviors as Json[]) : []
  return behaviors.find((behavior) => behavior.type === 'callback')?.value ?? element.value
}

function markdownOf(element: Json): string[] {
  if (element.tag === 'markdown') return [contentOf(element.content)]
  return element.tag === 'lark_md' ? [contentOf(element)] : []
}

function linesOf(element: Json): string[] {
  if (element.tag === 'markdown' || element.tag === 'plain_text' || element.tag === 'lark_md')
    return [contentOf(element.content)]
  if (element.tag === 'table') return tableLines(element)
  return element.tag === 'img' ? [contentOf(element.alt) || '[Image]'] : []
}

function tableLines(table: Json): string[] {
  const columns = (Array.isArray(table.columns) ? table.columns : []) as Json[]
  const rows = (Array.isArray(table.rows) ? table.rows : []) as Json[]
  const head = columns.map((column) => String(column.display_name ?? column.name ?? '')).join(' | ')
  return [head, ...rows.map((row) => columns.map((column) => String(row[String(column.name)] ?? '')).join(' | '))]
}
