import { isObject, JsonObject, objectOf, objectsOf, parseJson, stringOf } from '../../shared'
import { ContentContext, Converter } from './converter'
import { labelled, lineOf } from './fields'

/** A card may nest without end; nobody reads further than this. */
const MAX_DEPTH = 12
const MAX_NODES = 500

/** What Lark shows instead of a card that the reader could not show (lark-platform §3.4). */
const STAND_IN = /请升级至最新版本客户端，以查看内容|卡片内容不支持查看，请在飞书客户端查看/

const AT_TAG = /<at\s([^<>]*)>(?:[^<]*<\/at>)?/g
const MENTION_KEYS = /\bmentions?_key=(?:"([^"]*)"|([^\s">/]+))/

/** Cards mention by `<at id=ou_x></at>`; only events name the key of the message's mention, and so the name. */
const nameOf = (attributes: string, { withMentions }: ContentContext): string => {
  const [, quoted, bare] = MENTION_KEYS.exec(attributes) ?? []
  const names = (quoted ?? bare ?? '').split(',').map((key) => {
    const name = withMentions(key)
    return name === key ? '@someone' : name
  })
  return names.join(' ').trim()
}

const textOfElement = (value: unknown): string => {
  if (typeof value === 'string') return value
  return isObject(value) ? stringOf(value['content']) || stringOf(value['text']) : ''
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

/** One that is nested deeper than JSON can be written says nothing to a reader. */
const jsonOf = (value: unknown): string => {
  try {
    return JSON.stringify(value)
  } catch {
    return '…'
  }
}

/** 2.0 tables: columns with names, rows by name. */
const tableOf = (element: JsonObject): string => {
  const columns = objectsOf(element['columns'])
  const rows = objectsOf(element['rows']).slice(0, 100)
  const head = columns.map((column) => lineOf(column['display_name']) || lineOf(column['name']))
  const cell = (value: unknown): string => lineOf(typeof value === 'object' ? jsonOf(value) : String(value ?? ''))
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
  ['chart', () => '[chart]'],
  ['fallback_text', () => '']
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

/** Events carry the card as it was sent as text, beside a stand-in for it. */
const sentCard = (content: JsonObject): JsonObject => {
  const own = typeof content['user_dsl'] === 'string' ? parseJson(content['user_dsl']) : undefined
  return isObject(own) ? own : content
}

/** Whether this is the card as it was sent, and not only what receivers get to see of it. */
export const isSentCard = (content: JsonObject): boolean => {
  const card = sentCard(content)
  return card !== content || isObject(card['body']) || isObject(card['header'])
}

/** A card: the lossy form that receivers get, and its own JSON as its sender wrote it, of version 1.0 and 2.0. */
export const convertCard: Converter = (content, context) => {
  const card = sentCard(content)
  const header = objectOf(card['header'])
  const title = lineOf(card['title']) || lineOf(textOfElement(header['title']))
  const isStandIn = (line: string): boolean => !isSentCard(content) && STAND_IN.test(line)
  const lines = new CardReader().read(bodyOf(card), 0).filter((line) => line.trim() !== '' && !isStandIn(line))
  const text = [labelled('card', title), ...lines].join('\n')
  return text.replace(AT_TAG, (_tag, attributes: string) => nameOf(attributes, context))
}
