import { isObject, JsonObject, objectOf, objectsOf, stringOf } from '../../shared'
import { Converter } from './converter'
import { labelled, lineOf } from './fields'

/** A card may nest without end; nobody reads further than this. */
const MAX_DEPTH = 12
const MAX_NODES = 500

const AT_TAG = /<at\s[^<>]*>(?:<\/at>)?/g

/** Cards mention by `<at id=ou_x></at>`; the names are not in them. */
const plain = (text: string): string => text.replace(AT_TAG, '@someone')

const textOfElement = (value: unknown): string => {
  if (typeof value === 'string') return plain(value)
  return isObject(value) ? plain(stringOf(value['content']) || stringOf(value['text'])) : ''
}

const linkOf = (element: JsonObject): string => {
  const open = objectsOf(element['behaviors']).find((behavior) => behavior['type'] === 'open_url')
  return stringOf(open?.['default_url']) || stringOf(element['url']) || stringOf(element['href'])
}

const buttonOf = (element: JsonObject): string => {
  const link = linkOf(element)
  const text = lineOf(textOfElement(element['text'])) || 'button'
  return link === '' ? `[button: ${text}]` : `[${text}](${link})`
}

const rowOf = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

/** 2.0 tables: columns with names, rows by name. */
const tableOf = (element: JsonObject): string => {
  const columns = objectsOf(element['columns'])
  const rows = objectsOf(element['rows']).slice(0, 100)
  const head = columns.map((column) => lineOf(column['display_name']) || lineOf(column['name']))
  const cell = (value: unknown): string =>
    lineOf(typeof value === 'object' ? JSON.stringify(value) : String(value ?? ''))
  const body = rows.map((row) => rowOf(columns.map((column) => cell(row[stringOf(column['name'])]))))
  return columns.length === 0 ? '' : [rowOf(head), rowOf(head.map(() => '---')), ...body].join('\n')
}

const leaves = new Map<string, (element: JsonObject) => string>([
  ['markdown', (element) => textOfElement(element['content'])],
  ['lark_md', textOfElement],
  ['plain_text', textOfElement],
  ['text', textOfElement],
  [
    'a',
    (element) => (linkOf(element) === '' ? textOfElement(element) : `[${textOfElement(element)}](${linkOf(element)})`)
  ],
  ['at', (element) => `@${lineOf(element['user_name']) || 'someone'}`],
  ['button', buttonOf],
  ['img', (element) => labelled('image in a card', lineOf(textOfElement(element['alt'])))],
  ['hr', () => '---'],
  ['table', tableOf],
  ['chart', () => '[chart]']
])

/** Where a card keeps what stands inside an element. */
const INSIDE = [
  'title',
  'text',
  'fields',
  'extra',
  'elements',
  'columns',
  'actions',
  'options',
  'i18n_elements'
] as const

class CardReader {
  private left = MAX_NODES

  /** An array in an array is one line: the form that receivers get (lark-platform §3.4). */
  read(value: unknown, depth: number): string[] {
    if (this.left <= 0 || depth > MAX_DEPTH) return []
    this.left -= 1
    if (Array.isArray(value)) return value.flatMap((part) => this.part(part, depth))
    if (!isObject(value)) return []
    const leaf = leaves.get(stringOf(value['tag']))
    if (leaf) return [leaf(value)]
    return INSIDE.flatMap((field) => this.read(value[field], depth + 1))
  }

  private part(part: unknown, depth: number): string[] {
    return Array.isArray(part) ? [this.read(part, depth + 1).join('')] : this.read(part, depth + 1)
  }
}

const bodyOf = (card: JsonObject): unknown => {
  if (isObject(card['body'])) return card['body']
  if (Array.isArray(card['elements'])) return card['elements']
  const languages = Object.values(objectOf(card['i18n_elements']))
  return languages[0]
}

/** A card: the lossy form that receivers get, and its own JSON as its sender wrote it, of version 1.0 and 2.0. */
export const convertCard: Converter = (card) => {
  const header = objectOf(card['header'])
  const title = lineOf(card['title']) || lineOf(textOfElement(header['title']))
  const lines = new CardReader().read(bodyOf(card), 0).filter((line) => line.trim() !== '')
  return [labelled('card', title), ...lines].join('\n')
}
