import { larkError } from '../wire/error-codes'
import { Json, findElement, isObject, rootElements } from './card-tree'

/** Changes to a card's JSON; each works on a copy that the caller commits. */

export function replaceElement(card: Json, elementId: string, element: unknown): void {
  const found = findElement(card, elementId)
  if (!found || !isObject(element)) throw larkError(300121, `element ${elementId}`)
  found.list[found.index] = element
}

export function patchElement(card: Json, elementId: string, partial: unknown): void {
  const found = findElement(card, elementId)
  if (!found || !isObject(partial)) throw larkError(300313, `element ${elementId}`)
  const element = found.list[found.index]
  if (partial.tag !== undefined && partial.tag !== element.tag) throw larkError(300312)
  Object.assign(element, partial)
}

export function deleteElement(card: Json, elementId: string): void {
  const found = findElement(card, elementId)
  if (!found) throw larkError(300314, `element ${elementId}`)
  found.list.splice(found.index, 1)
}

export function addElements(
  card: Json,
  input: { type?: unknown; target_element_id?: unknown; elements?: unknown }
): void {
  const elements = input.elements
  if (!Array.isArray(elements) || elements.length === 0) throw larkError(300315, 'elements')
  const target =
    typeof input.target_element_id === 'string' && input.target_element_id !== ''
      ? findElement(card, input.target_element_id)
      : undefined
  if (input.target_element_id && !target) throw larkError(300315, 'target_element_id')
  if (input.type === 'append') return append(card, target, elements as Json[])
  if (!target || (input.type !== 'insert_before' && input.type !== 'insert_after')) throw larkError(300315, 'type')
  target.list.splice(input.type === 'insert_before' ? target.index : target.index + 1, 0, ...(elements as Json[]))
}

/** At the end of a container, or of the card when there is no target. */
function append(card: Json, target: { list: Json[]; index: number } | undefined, elements: Json[]): void {
  if (!target) {
    const body = isObject(card.body) ? card.body : {}
    card.body = { ...body, elements: [...rootElements(card), ...elements] }
    return
  }
  const container = target.list[target.index]
  if (!Array.isArray(container.elements)) throw larkError(300315, 'target is no container')
  container.elements = [...(container.elements as Json[]), ...elements]
}

/** Answers whether the settings say something about streaming. */
export function changeSettings(card: Json, settings: unknown): boolean {
  if (!isObject(settings)) throw larkError(300122)
  if (settings.config !== undefined)
    card.config = { ...(card.config as Json | undefined), ...asObject(settings.config) }
  if (settings.card_link !== undefined) card.card_link = asObject(settings.card_link)
  return isObject(settings.config) && settings.config.streaming_mode !== undefined
}

/** Text of plain_text and markdown elements only. */
export function setText(card: Json, elementId: string, content: string): void {
  const element = findElement(card, elementId)
  const item = element ? element.list[element.index] : findText(card, elementId)
  if (!item) throw larkError(300313, `element ${elementId}`)
  if (item.tag !== 'markdown' && item.tag !== 'plain_text') throw larkError(300310)
  item.content = content
}

/** A plain_text element stands as a property of its component, not in a list. */
function findText(value: unknown, elementId: string): Json | undefined {
  if (Array.isArray(value)) return value.map((item) => findText(item, elementId)).find(Boolean)
  if (!isObject(value)) return undefined
  if (value.element_id === elementId) return value
  return Object.values(value)
    .map((child) => findText(child, elementId))
    .find(Boolean)
}

/** One action of a batch; answers like changeSettings. */
export function applyAction(card: Json, action: unknown): boolean {
  const { action: name, params } = asObject(action) as { action?: string; params?: Json }
  const input = asObject(params)
  const elementId = String(input.element_id ?? '')
  if (name === 'partial_update_setting') return changeSettings(card, asJson(input.settings))
  if (name === 'add_elements') addElements(card, { ...input, elements: asJson(input.elements) })
  else if (name === 'delete_elements') for (const id of (input.element_ids ?? []) as string[]) deleteElement(card, id)
  else if (name === 'partial_update_element') patchElement(card, elementId, asJson(input.partial_element))
  else if (name === 'update_element') replaceElement(card, elementId, asJson(input.element))
  else throw larkError(10002, `unknown action ${String(name)}`)
  return false
}

/** Nested values come as objects or as JSON strings. */
function asJson(value: unknown): unknown {
  return typeof value === 'string' ? (JSON.parse(value) as unknown) : value
}

function asObject(value: unknown): Json {
  if (!isObject(value)) throw larkError(10002, 'an object is expected')
  return value
}
