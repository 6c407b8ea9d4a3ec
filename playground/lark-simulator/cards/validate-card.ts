import { Json, isObject, taggedIn } from './card-tree'
import {
  BODY_PROPERTIES,
  CONFIG_PROPERTIES,
  HEADER_PROPERTIES,
  REMOVED_TAGS,
  ROOT_PROPERTIES,
  propertiesOf
} from './components'
import { countTables, foreignLinksIn, imageKeysIn, mentionIdsIn } from './markdown-scan'

export interface CardProblem {
  code: number
  message: string
}

/** What a card may refer to. */
export interface CardReferences {
  hasImage(key: string): boolean
  hasPerson(id: string): boolean
}

export const MAX_ELEMENTS = 200
const MAX_TABLES = 5
const ELEMENT_ID = /^[A-Za-z][A-Za-z0-9_]{0,19}$/
const PARSE_ERROR = 'parse card json err, please check whether the card json is correct'

/** The first reason for which the platform would refuse this card. */
export function checkCard(card: Json, references: CardReferences): CardProblem | undefined {
  if (Object.keys(card).length === 0) return { code: 300307, message: 'The card DSL is empty' }
  const isV2 = card.schema === '2.0'
  if (card.schema !== undefined && !isV2 && card.schema !== '1.0')
    return parseError(`unknown schema ${String(card.schema)}`)
  const tagged = taggedIn([card.header, isV2 ? card.body : [card.elements, card.i18n_elements]])
  return (
    (isV2 ? checkStructure(card, tagged) : checkOldStructure(card)) ??
    checkLimits(tagged) ??
    checkReferences(tagged, references)
  )
}

function checkStructure(card: Json, tagged: Json[]): CardProblem | undefined {
  const body = isObject(card.body) ? card.body : {}
  if (card.body !== undefined && !isObject(card.body)) return parseError('body is no object')
  if (body.elements !== undefined && !Array.isArray(body.elements)) return parseError('body.elements is no list')
  return (
    unknownProperty(card, ROOT_PROPERTIES, 'ROOT') ??
    unknownProperty(card.config, CONFIG_PROPERTIES, 'ROOT -> config') ??
    unknownProperty(card.header, HEADER_PROPERTIES, 'ROOT -> header') ??
    unknownProperty(body, BODY_PROPERTIES, 'ROOT -> body') ??
    first(listItems(body.elements), (item) =>
      isObject(item) && typeof item.tag === 'string' ? undefined : parseError('an element has no tag')
    ) ??
    first(tagged, checkComponent) ??
    checkIds(tagged) ??
    (isObject(card.config) && card.config.update_multi === false
      ? { code: 300302, message: 'update_multi property is false' }
      : undefined)
  )
}

function checkOldStructure(card: Json): CardProblem | undefined {
  if (card.elements !== undefined && !Array.isArray(card.elements)) return parseError('elements is no list')
  return card.elements === undefined && card.i18n_elements === undefined && card.header === undefined
    ? parseError('no elements')
    : undefined
}

function checkComponent(element: Json): CardProblem | undefined {
  const tag = String(element.tag)
  if (REMOVED_TAGS.has(tag))
    return {
      code: 200861,
      message: `cards of schema V2 no longer support this capability; ErrorValue: unsupported tag ${tag}`
    }
  const known = propertiesOf(tag)
  if (!known) return parseError(`unknown tag ${tag}`)
  if (tag === 'markdown' && typeof element.content !== 'string') return parseError('content of markdown is no string')
  return unknownProperty(element, known, tag)
}

function checkIds(tagged: Json[]): CardProblem | undefined {
  const seen = new Set<string>()
  return first(tagged, ({ element_id: id }) => {
    if (id === undefined) return undefined
    if (typeof id !== 'string' || !ELEMENT_ID.test(id)) return parseError(`element_id ${String(id)} is invalid`)
    if (seen.has(id)) return { code: 300301, message: `Duplicate element_id in card component, element_id: ${id}` }
    seen.add(id)
    return undefined
  })
}

function checkLimits(tagged: Json[]): CardProblem | undefined {
  const counted = tagged.filter(({ tag }) => tag !== 'standard_icon' && tag !== 'custom_icon')
  if (counted.length > MAX_ELEMENTS) return { code: 300305, message: 'element exceeds the limit' }
  const tables = tagged.reduce(
    (sum, element) =>
      sum + (element.tag === 'table' ? 1 : element.tag === 'markdown' ? countTables(String(element.content)) : 0),
    0
  )
  return tables > MAX_TABLES ? { code: 11310, message: 'card table number over limit' } : undefined
}

function checkReferences(tagged: Json[], references: CardReferences): CardProblem | undefined {
  return first(tagged, (element) => {
    const text = element.tag === 'markdown' || element.tag === 'lark_md' ? String(element.content ?? '') : ''
    const keys = element.tag === 'img' ? [String(element.img_key)] : imageKeysIn(text)
    const badKey = keys.find((key) => !references.hasImage(key))
    if (badKey !== undefined)
      return { code: 200570, message: `card contains invalid image keys; ErrorValue: image key ${badKey}` }
    if (foreignLinksIn(text).length > 0) return { code: 230001, message: 'scheme not in scheme whitelist' }
    const badPerson = mentionIdsIn(text).find((id) => !references.hasPerson(id))
    return badPerson === undefined
      ? undefined
      : { code: 100290, message: `There is an invalid user resource(at/person) in your card; ErrorValue: ${badPerson}` }
  })
}

function unknownProperty(value: unknown, known: Set<string>, path: string): CardProblem | undefined {
  if (value === undefined) return undefined
  if (!isObject(value)) return parseError(`${path} is no object`)
  const unknown = Object.keys(value).find((key) => !known.has(key))
  return unknown === undefined ? undefined : parseError(`unknown property, property: ${unknown}, path: ${path}`)
}

const parseError = (detail: string): CardProblem => ({ code: 200621, message: `${PARSE_ERROR}; ErrorValue: ${detail}` })

const listItems = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

function first<T>(items: T[], check: (item: T) => CardProblem | undefined): CardProblem | undefined {
  for (const item of items) {
    const problem = check(item)
    if (problem) return problem
  }
  return undefined
}
