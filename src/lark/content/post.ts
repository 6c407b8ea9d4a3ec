import { isObject, JsonObject } from '../../shared'
import { ContentContext, Converter } from './converter'

const stringOf = (value: unknown): string => (typeof value === 'string' ? value : '')

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

const codeOf = (node: JsonObject): string =>
  `\`\`\`${stringOf(node['language']).toLowerCase()}\n${stringOf(node['text']).replace(/\n$/, '')}\n\`\`\``

const nodes = new Map<string, (node: JsonObject, context: ContentContext) => string>([
  ['a', linkOf],
  ['at', mentionOf],
  ['img', () => '[image]'],
  ['media', () => '[video]'],
  ['emotion', (node) => `[${stringOf(node['emoji_type']) || 'emoji'}]`],
  ['hr', () => '---'],
  ['code_block', codeOf],
  ['text', (node, { withMentions }) => withMentions(stringOf(node['text']))],
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

/** Received posts have no locale around them (lark-platform trap 28); one that was forwarded by an app may. */
const bodyOf = (content: JsonObject): JsonObject => {
  if (Array.isArray(content['content'])) return content
  return (
    Object.values(content)
      .filter(isObject)
      .find((value) => Array.isArray(value['content'])) ?? {}
  )
}

/** `{"title": "", "content": [[node, ...], ...]}`: a title and paragraphs as lines. */
export const convertPost: Converter = (content, context) => {
  const body = bodyOf(content)
  const lines = Array.isArray(body['content']) ? body['content'].map((line: unknown) => lineOf(line, context)) : []
  return [stringOf(body['title']), ...lines].join('\n')
}
