import { isObject, JsonObject } from '../../shared'
import { Converter } from './converter'
import { lineOf } from './fields'

/** Fields in which Lark's types keep what a person reads. */
const READ = ['title', 'topic', 'summary', 'name', 'text', 'content', 'file_name', 'description'] as const

const wordsOf = (content: JsonObject): string =>
  READ.map((field) => content[field])
    .map((value) => lineOf(isObject(value) ? value['title'] : value))
    .filter(Boolean)
    .join('; ')

/** Lark's own words only, so that nothing else can enter through the type. */
const typeOf = (messageType: string): string => messageType.replace(/[^a-z0-9_]/gi, '').slice(0, 40) || 'unknown'

/** A type that nobody here has heard of: its label, and what of it looks like words. */
export const convertUnknown =
  (messageType: string): Converter =>
  (content) => {
    const words = wordsOf(content)
    const label = `[message of type ${typeOf(messageType)}, which can not be read here]`
    return words === '' ? label : `${label}\n${words}`
  }
