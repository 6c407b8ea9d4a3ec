import type { LarkSimulator, SeenMessage, SimUser } from '../lark-simulator/client'
import { openChatStream, type ChatChange } from './chat-stream'
import { LAST_WORDS, type Bot } from './company'

/** One message to a bot and what the person saw of the answer. Times are real milliseconds since the message was sent. */
export interface Exchange {
  messageId: string
  person: SimUser
  bot: Bot
  firstSign?: { what: 'a reaction' | 'a card' | 'a message'; ms: number }
  /** Set when the answer was complete in time. */
  endMs?: number
  /** The chat from the person's message on, as it stands at the end. */
  seen: SeenMessage[]
}

/** Says `text` to the bot in a direct chat and watches the chat until the answer is complete, or for `limitMs`. */
export async function talk(input: {
  simulator: LarkSimulator
  person: SimUser
  bot: Bot
  text: string
  limitMs: number
}): Promise<Exchange> {
  const { simulator, person, bot, text, limitMs } = input
  const { chatId } = await simulator.createDirectChat({ userId: person.userId, appId: bot.app.appId })
  const signal = AbortSignal.timeout(limitMs)
  const stream = await openChatStream(simulator.url, chatId, signal)
  const sentAt = performance.now()
  const { messageId } = await simulator.say({ userId: person.userId, appId: bot.app.appId, text })
  const exchange: Exchange = { messageId, person, bot, seen: [] }
  for await (const change of stream) {
    const ms = performance.now() - sentAt
    const what = signOf(change, messageId)
    if (what) exchange.firstSign ??= { what, ms }
    if (isComplete(change.message)) {
      exchange.endMs = ms
      break
    }
  }
  const messages = await simulator.read(chatId)
  exchange.seen = messages.slice(messages.findIndex((message) => message.messageId === messageId))
  return exchange
}

function signOf({ message }: ChatChange, messageId: string): 'a reaction' | 'a card' | 'a message' | undefined {
  if (message.messageId === messageId && message.reactions.length > 0) return 'a reaction'
  if (!message.fromBot) return undefined
  return message.card ? 'a card' : 'a message'
}

const isComplete = (message: SeenMessage): boolean =>
  message.fromBot && message.text.includes(LAST_WORDS) && !message.card?.streaming
