import { isObject, JsonObject, objectsOf, stringOf } from '../../shared'
import { ContentContext, Converter } from './converter'
import { convertImage, convertVideo } from './media'

const linkOf = (node: JsonObject): string => {
  const text = stringOf(node['text'])
  const href = stringOf(node['href'])
  return href === '' || href === text ? text : `[${text}](${href})`
}

/** Received ones name a placeholder; `all` has none. */
const mentionOf = (node: JsonObject, { withMentions }: ContentContext): string => {
  const id = stringOf(node['user_id'])
  if (id === 'all' || id === '@_all') return '@all'
  const named = withMentions(id)
  if (named !== id || id === '') return named
  const name = stringOf(node['user_name'])
  return name === '' ? id : `@${name}`
}

/** A fence longer than any in the code. */
const codeOf = (node: JsonObject): string => {
  const code = stringOf(node['text']).replace(/\n$/, '')
  const longest = code.match(/`+/g)?.reduce((most, { length }) => Math.max(most, length), 2) ?? 2
  const fence = '`'.repeat(longest + 1)
  const language = stringOf(node['language'])
    .toLowerCase()
    .replace(/[^\w+#-]/g, '')
  return `${fence}${language}\n${code}\n${fence}`
}

const MARKS = new Map<string, [string, string]>([
  ['bold', ['**', '**']],
  ['italic', ['*', '*']],
  ['lineThrough', ['~~', '~~']],
  ['underline', ['<u>', '</u>']]
])

/** Blanks stay outside, where Markdown wants them; what has lines is left as it is. */
const styled = (text: string, style: unknown): string => {
  if (!Array.isArray(style) || text.trim() === '' || text.includes('\n')) return text
  const words = text.trim()
  const [before, after] = [text.slice(0, text.indexOf(words)), text.slice(text.indexOf(words) + words.length)]
  const marked = style.reduce<string>((inner, name: unknown) => {
    const [open, close] = MARKS.get(stringOf(name)) ?? ['', '']
    return `${open}${inner}${close}`
  }, words)
  return `${before}${marked}${after}`
}

const nodes = new Map<string, (node: JsonObject, context: ContentContext) => string>([
  ['a', linkOf],
  ['at', mentionOf],
  ['img', convertImage],
  ['media', convertVideo],
  ['emotion', (node) => `[${stringOf(node['emoji_type']) || 'emoji'}]`],
  ['hr', () => '---'],
  ['code_block', codeOf],
  ['text', (node, { withMentions }) => styled(withMentions(stringOf(node['text'])), node['style'])],
  ['md', (node, { withMentions }) => withMentions(stringOf(node['text']))]
])

const lineOf = (line: unknown, context: ContentContext): string => {
  const parts = Array.isArray(line) ? line : [line]
  return parts
    .filter(isObject)
    .map((node) => nodes.get(stringOf(node['tag']))?.(node, context) ?? stringOf(node['text']))
    .join('')
    .trimStart()
}

const isBody = (value: JsonObject): boolean => Array.isArray(value['content']) || Array.isArray(value['content_v2'])

/** Received posts have no locale around them (lark-platform trap 28); one that was forwarded by an app may. */
const bodyOf = (content: JsonObject): JsonObject => {
  if (isBody(content)) return content
  return objectsOf(Object.values(content)).find(isBody) ?? {}
}

/** `content` doubles line breaks within code; where Lark gives `content_v2` beside it, that one is as it was written. */
const linesOf = (body: JsonObject): unknown[] => {
  const lists = [body['content_v2'], body['content']].filter((list): list is unknown[] => Array.isArray(list))
  return lists.find((list) => list.length > 0) ?? []
}

/** `{"title": "", "content": [[node, ...], ...]}`: a title and paragraphs as lines. */
export const convertPost: Converter = (content, context) => {
  const body = bodyOf(content)
  const lines = linesOf(body).map((line) => lineOf(line, context))
  const title = stringOf(body['title']).trim()
  return [...(title === '' ? [] : [`**${title}**`]), ...lines].join('\n')
}
