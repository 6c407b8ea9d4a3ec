import type { PressInput, PressResult } from '../contract'
import { callbackValue, seenButton } from '../cards/card-texts'
import { Json, elementsOf, isObject } from '../cards/card-tree'
import { checkCard } from '../cards/validate-card'
import { isStreaming } from '../cards/card-entity'
import { referencesOf } from '../cards/card-references'
import { idsOf } from '../messages/event-view'
import { cardOf } from '../messages/received-content'
import type { Platform } from '../platform'
import { createEvent } from '../push/push-event'
import type { PushOutcome } from '../push/webhook-push'
import type { App, Message } from '../state/model'

const TOAST_TYPES = ['info', 'success', 'error', 'warning']

/** A person presses a card's button: the callback goes out once, its answer is shown. */
export async function press(platform: Platform, input: PressInput): Promise<PressResult> {
  const { world } = platform
  const message = world.message(input.messageId)
  const app = senderApp(platform, message)
  const button = findButton(platform, message, input.button)
  if (submitsForm(button) && typeof button.name !== 'string') return { errorCode: 200530, cardUpdated: false }
  if (!['*', 'card.action.trigger'].some((type) => app.subscribedCallbacks.includes(type)))
    return { errorCode: 200340, cardUpdated: false }
  const token = platform.cardTokens.issue(app.appId, message.messageId, Date.now())
  const event = callbackEvent(platform, app, message, { button, input, token })
  const outcome = await whileInteracting(platform, message, () =>
    platform.push.callback(
      app,
      createEvent({
        app,
        tenantKey: world.tenantKey,
        eventType: 'card.action.trigger',
        event,
        messageId: message.messageId
      })
    )
  )
  if (!outcome.ok) return { errorCode: clientError(app, outcome), cardUpdated: false }
  platform.cardTokens.answered(token)
  return applyAnswer(platform, message, outcome.responseBody)
}

/** A card entity can not be updated (200810) until the callback is answered. */
async function whileInteracting<T>({ world }: Platform, message: Message, work: () => Promise<T>): Promise<T> {
  const entity = message.cardId ? world.cards.get(message.cardId) : undefined
  if (entity) entity.interactions += 1
  try {
    return await work()
  } finally {
    if (entity) entity.interactions -= 1
  }
}

function senderApp({ world }: Platform, message: Message): App {
  if (message.sender.kind !== 'app') throw new Error('the message is not a card of a bot')
  return world.app(message.sender.appId)
}

function findButton({ world }: Platform, message: Message, wanted: string): Json {
  const card = cardOf(world, message)
  if (!card || message.recalled) throw new Error(`message ${message.messageId} shows no card`)
  const buttons = elementsOf(card).filter(({ tag }) => tag === 'button')
  const found = buttons.find((button) => {
    const { text, name, elementId } = seenButton(button)
    return wanted === text || wanted === name || wanted === elementId
  })
  if (!found)
    throw new Error(`no button "${wanted}"; there are: ${buttons.map((button) => seenButton(button).text).join(', ')}`)
  if (found.disabled === true) throw new Error(`button "${wanted}" is disabled`)
  return found
}

/** 2.0 and 1.0 spell it differently. */
const submitsForm = (button: Json): boolean =>
  button.form_action_type === 'submit' || button.action_type === 'form_submit'

function callbackEvent(
  { world }: Platform,
  app: App,
  message: Message,
  what: { button: Json; input: PressInput; token: string }
): Json {
  const { button, input, token } = what
  return {
    operator: {
      tenant_key: world.tenantKey,
      ...idsOf(world, app, { kind: 'user', userId: world.user(input.userId).userId })
    },
    token,
    action: {
      ...(callbackValue(button) !== undefined && { value: callbackValue(button) }),
      tag: 'button',
      timezone: 'Asia/Shanghai',
      ...(typeof button.name === 'string' && { name: button.name }),
      ...(submitsForm(button) && { form_value: input.formValue ?? {} })
    },
    host: 'im_message',
    context: { open_message_id: message.messageId, open_chat_id: message.chatId }
  }
}

/** The number that Lark's client shows to the person. */
function clientError(app: App, outcome: PushOutcome): number {
  // A frame type that SDK clients drop is never acknowledged; people see it as "not configured".
  if (outcome.error === 'timeout')
    return app.transport === 'long_connection' && app.cardFrameType === 'card' ? 200340 : 200341
  if (outcome.error === 'no_url' || outcome.error === 'no_connection') return 200340
  if (outcome.error !== 'connect') return 200671
  return outcome.responseBody === 'ENOTFOUND' ? 200343 : 200342
}

function applyAnswer(platform: Platform, message: Message, body: unknown): PressResult {
  if (body === undefined || body === '' || body === null) return { cardUpdated: false }
  if (!isObject(body)) return { errorCode: 200672, cardUpdated: false }
  const toast = isObject(body.toast) ? toastOf(body.toast) : undefined
  if (body.toast !== undefined && !toast) return { errorCode: 200672, cardUpdated: false }
  if (body.card === undefined) return { ...(toast && { toast }), cardUpdated: false }
  const data = isObject(body.card) && body.card.type === 'raw' && isObject(body.card.data) ? body.card.data : undefined
  const before = cardOf(platform.world, message)
  if (
    !data ||
    checkCard(data, referencesOf(platform.world, senderApp(platform, message))) ||
    (data.schema === '2.0') !== (before?.schema === '2.0')
  )
    return { ...(toast && { toast }), errorCode: 200673, cardUpdated: false }
  return { ...(toast && { toast }), cardUpdated: showCard(platform, message, data) }
}

function toastOf(toast: Json): PressResult['toast'] {
  const type = toast.type === undefined ? 'info' : String(toast.type)
  return TOAST_TYPES.includes(type) ? { type, content: String(toast.content ?? '') } : undefined
}

/** Puts another card into the message. A streaming entity does not take it. */
export function showCard({ world }: Platform, message: Message, card: Json): boolean {
  const entity = message.cardId ? world.cards.get(message.cardId) : undefined
  if (entity && isStreaming(entity, Date.now())) return false
  if (entity) entity.card = card
  else message.card = card
  message.updateTime = Date.now()
  world.changes.visible({ type: 'update', chatId: message.chatId, messageId: message.messageId })
  return true
}
