export type Json = Record<string, unknown>

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The array that holds the card's top elements: `body.elements` in 2.0, `elements` or the first language in 1.0. */
export function rootElements(card: Json): Json[] {
  if (card.schema === '2.0') return arrayIn((card.body as Json | undefined) ?? {}, 'elements')
  if (Array.isArray(card.elements)) return card.elements as Json[]
  const languages = isObject(card.i18n_elements) ? Object.values(card.i18n_elements) : []
  return (languages.find(Array.isArray) ?? []) as Json[]
}

const arrayIn = (holder: Json, key: string): Json[] => (Array.isArray(holder[key]) ? (holder[key] as Json[]) : [])

/** Every object with a `tag` below the card's body, containers before their content, in reading order. */
export function elementsOf(card: Json): Json[] {
  return rootElements(card).flatMap((element) => walk(element))
}

function walk(value: unknown): Json[] {
  if (Array.isArray(value)) return value.flatMap(walk)
  if (!isObject(value)) return []
  // Data of callbacks and charts is not part of the tree.
  const children = Object.entries(value)
    .filter(([key]) => !NOT_ELEMENTS.has(key))
    .flatMap(([, child]) => walk(child))
  return typeof value.tag === 'string' ? [value, ...children] : children
}

const NOT_ELEMENTS = new Set([
  'value',
  'behaviors',
  'chart_spec',
  'rows',
  'multi_url',
  'confirm',
  'placeholder',
  'hover_tips',
  'disabled_tips',
  'options'
])

/** The list that holds the element with this id, and its place in it. */
export function findElement(card: Json, elementId: string): { list: Json[]; index: number } | undefined {
  return findIn(rootElements(card), elementId)
}

function findIn(value: unknown, elementId: string): { list: Json[]; index: number } | undefined {
  if (Array.isArray(value)) {
    const index = value.findIndex((item) => isObject(item) && item.element_id === elementId)
    if (index >= 0) return { list: value as Json[], index }
  }
  const children = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : []
  for (const child of children) {
    const found = findIn(child, elementId)
    if (found) return found
  }
  return undefined
}

/** Every object with a `tag`, wherever it stands. */
export function taggedIn(value: unknown): Json[] {
  if (Array.isArray(value)) return value.flatMap(taggedIn)
  if (!isObject(value)) return []
  const children = Object.entries(value)
    .filter(([key]) => !OPAQUE.has(key))
    .flatMap(([, child]) => taggedIn(child))
  return typeof value.tag === 'string' ? [value, ...children] : children
}

const OPAQUE = new Set(['value', 'behaviors', 'chart_spec', 'rows', 'multi_url', 'confirm'])
