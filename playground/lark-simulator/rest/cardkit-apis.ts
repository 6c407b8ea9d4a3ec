import { CARD_BYTES, STREAMING_LIMIT_MS, applyStreamingMode, copyCard, streamingState } from '../cards/card-entity'
import {
  addElements,
  applyAction,
  changeSettings,
  deleteElement,
  patchElement,
  replaceElement,
  setText
} from '../cards/card-operations'
import { referencesOf } from '../cards/card-references'
import { Json, isObject } from '../cards/card-tree'
import { checkCard } from '../cards/validate-card'
import { newCardId } from '../state/ids'
import type { CardEntity } from '../state/model'
import { larkError } from '../wire/error-codes'
import { Api, ApiContext, ApiResult, TIER_4, requiredText } from './api'
import { openEntity } from './open-entity'

const SCOPES = ['cardkit:card:write']
const MAX_DATA = 3_000_000
const MAX_TEXT = 100_000

function create(context: ApiContext): ApiResult {
  const card = cardFrom(context.body)
  checkEntityCard(context, card)
  const entity: CardEntity = {
    cardId: newCardId(),
    appId: context.app.appId,
    card,
    createdAt: Date.now(),
    sequence: 0,
    uuids: new Set(),
    timedOut: false,
    interactions: 0
  }
  stream(context, entity)
  context.platform.world.cards.set(entity.cardId, entity)
  return { data: { card_id: entity.cardId } }
}

interface Change {
  /** The whole new card; left out = the draft that was changed. */
  card?: Json
  /** The call says something about streaming; switching on again restarts the ten minutes. */
  setsStreaming?: boolean
}

/** The card's JSON after the change must be as valid as a new one; only then the change is kept. */
function change(context: ApiContext, make: (draft: Json, entity: CardEntity) => Change | void): ApiResult {
  const entity = openEntity(context)
  const draft = copyCard(entity.card)
  const made = make(draft, entity) ?? {}
  const card = made.card ?? draft
  checkEntityCard(context, card)
  entity.card = card
  entity.sequence = Number(context.body.sequence)
  if (typeof context.body.uuid === 'string' && context.body.uuid !== '') entity.uuids.add(context.body.uuid)
  if (made.setsStreaming) stream(context, entity)
  showChange(context, entity)
  return { data: {} }
}

function stream(context: ApiContext, entity: CardEntity): void {
  applyStreamingMode(entity, Date.now())
  if (entity.streamingSince === undefined) return
  // Who waits for the end of streaming is told also when nobody switches it off.
  setTimeout(() => showChange(context, entity), STREAMING_LIMIT_MS + 1).unref()
}

function showChange({ platform: { world } }: ApiContext, entity: CardEntity): void {
  const message = entity.messageId === undefined ? undefined : world.messages.get(entity.messageId)
  if (!message) return
  message.updateTime = Date.now()
  message.editCount += 1
  world.changes.visible({ type: 'update', chatId: message.chatId, messageId: message.messageId })
}

function content(context: ApiContext): ApiResult {
  const text = requiredText(context.body, 'content')
  if (text.length > MAX_TEXT) throw larkError(10002, 'content is too long')
  return change(context, (card, entity) => {
    const state = streamingState(entity, Date.now())
    if (state === 'timed_out') throw larkError(200850)
    if (state === 'off') throw larkError(300309)
    setText(card, context.params.element_id, text)
  })
}

function settings(context: ApiContext): ApiResult {
  return change(context, (card) => ({ setsStreaming: changeSettings(card, json(context.body, 'settings')) }))
}

function cardFrom(holder: Record<string, unknown>): Json {
  const type = requiredText(holder, 'type')
  const data = requiredText(holder, 'data')
  if (data.length > MAX_DATA) throw larkError(200860)
  if (type !== 'card_json') throw larkError(type === 'template' ? 200220 : 10002, `type ${type}`)
  const card = parse(data)
  if (!isObject(card)) throw larkError(200220, 'data is no card')
  return card
}

/** Problems that have no code of their own in cardkit's tables are told as 200220. */
function checkEntityCard({ platform, app }: ApiContext, card: Json): void {
  if (Object.keys(card).length > 0 && card.schema !== '2.0') throw larkError(300303)
  const problem = checkCard(card, referencesOf(platform.world, app))
  if (problem && [300301, 300302, 300305, 300307].includes(problem.code)) throw larkError(problem.code)
  if (problem) throw larkError(200220, `ErrCode: ${problem.code}; ErrMsg: ${problem.message}; `)
  if (Buffer.byteLength(JSON.stringify(card)) > CARD_BYTES) throw larkError(200860)
}

function json(body: Record<string, unknown>, field: string): unknown {
  return parse(requiredText(body, field))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw larkError(10002, 'not a JSON string')
  }
}

const update = (context: ApiContext): ApiResult =>
  change(context, () => ({ card: cardFrom((context.body.card ?? {}) as Record<string, unknown>), setsStreaming: true }))

const batchUpdate = (context: ApiContext): ApiResult =>
  change(context, (card) => {
    const actions = json(context.body, 'actions')
    if (!Array.isArray(actions) || actions.length === 0) throw larkError(10002, 'actions')
    return { setsStreaming: actions.map((action) => applyAction(card, action)).includes(true) }
  })

const addElement = (context: ApiContext): ApiResult =>
  change(context, (card) => addElements(card, { ...context.body, elements: json(context.body, 'elements') }))

const updateElement = (context: ApiContext): ApiResult =>
  change(context, (card) => replaceElement(card, context.params.element_id, json(context.body, 'element')))

const patchOneElement = (context: ApiContext): ApiResult =>
  change(context, (card) => patchElement(card, context.params.element_id, json(context.body, 'partial_element')))

const removeElement = (context: ApiContext): ApiResult =>
  change(context, (card) => deleteElement(card, context.params.element_id))

const CARDS = '/cardkit/v1/cards'
const CARD = `${CARDS}/:card_id`
const ELEMENT = `${CARD}/elements/:element_id`
const common = { scopes: SCOPES, limits: TIER_4 }

export const cardkitApis: Api[] = [
  { ...common, name: 'cardkit.card.create', method: 'post', path: CARDS, handle: create },
  { ...common, name: 'cardkit.card.update', method: 'put', path: CARD, handle: update },
  { ...common, name: 'cardkit.card.settings', method: 'patch', path: `${CARD}/settings`, handle: settings },
  { ...common, name: 'cardkit.card.batchUpdate', method: 'post', path: `${CARD}/batch_update`, handle: batchUpdate },
  { ...common, name: 'cardkit.cardElement.create', method: 'post', path: `${CARD}/elements`, handle: addElement },
  { ...common, name: 'cardkit.cardElement.content', method: 'put', path: `${ELEMENT}/content`, handle: content },
  { ...common, name: 'cardkit.cardElement.update', method: 'put', path: ELEMENT, handle: updateElement },
  { ...common, name: 'cardkit.cardElement.patch', method: 'patch', path: ELEMENT, handle: patchOneElement },
  { ...common, name: 'cardkit.cardElement.delete', method: 'delete', path: ELEMENT, handle: removeElement }
]
