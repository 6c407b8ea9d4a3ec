import { openChatStream } from '../playground/start/chat-stream'
import { World, type Bot } from '../test/support/world'
import type { BenchResult, Figure } from './result'
import { median, quantile } from './support/statistics'

const LARK_MS = [0, 100, 300]
const MESSAGES = 20
/** The calls that a person waits for, one after the other: the reaction; the card and the message with it, then its end. */
const SIGN_CALLS = 1
const TOKEN_MARGIN_MS = 60_000

interface Seen {
  signMs: number
  endMs: number
}

/** From the message to what a person sees first, and to the whole answer of an expert that answers at once. */
export async function firstSign(): Promise<BenchResult> {
  const world = await World.create()
  try {
    await world.startHost()
    const script = { kind: 'stream', text: 'You said: {input}. That is the whole answer.', deltas: 1 } as const
    const bot = await world.hire('long_connection', script, { scopes: ['cardkit:card:write'] })
    for (let count = 0; count < 5; count += 1) await seen(world, bot, `warm ${count}`)
    const figures: Figure[] = []
    for (const delayMs of LARK_MS) {
      await world.lark.clearFaults()
      if (delayMs > 0) await world.lark.addFault({ on: 'api', delayMs, times: -1 })
      const all: Seen[] = []
      for (let count = 0; count < MESSAGES; count += 1) all.push(await seen(world, bot, `message ${count}`))
      figures.push(...figuresOf(delayMs, all))
    }
    return { name: 'first-sign', figures }
  } finally {
    await world.end()
  }
}

async function seen(world: World, { app }: Bot, text: string): Promise<Seen> {
  const { userId } = await world.person()
  const { chatId } = await world.lark.createDirectChat({ userId, appId: app.appId })
  const watch = new AbortController()
  const limit = setTimeout(() => watch.abort(), TOKEN_MARGIN_MS)
  const changes = await openChatStream(world.lark.url, chatId, watch.signal)
  const began = performance.now()
  const { messageId } = await world.lark.say({ userId, appId: app.appId, text })
  let signMs: number | undefined
  try {
    for await (const { message } of changes) {
      const at = performance.now() - began
      const isSign = message.fromBot || (message.messageId === messageId && message.reactions.length > 0)
      if (isSign) signMs ??= at
      const isWhole = message.fromBot && message.text.includes('whole answer') && !message.card?.streaming
      if (isWhole) return { signMs: signMs ?? at, endMs: at }
    }
    throw new Error(`no whole answer to "${text}"`)
  } finally {
    clearTimeout(limit)
    watch.abort()
  }
}

function figuresOf(delayMs: number, all: readonly Seen[]): Figure[] {
  const signs = all.map(({ signMs }) => signMs)
  const ends = all.map(({ endMs }) => endMs)
  const what = `Lark at ${delayMs} ms`
  return [
    { what: `${what}: first sign, median`, value: median(signs), unit: 'ms' },
    { what: `${what}: first sign, over Lark's own`, value: median(signs) - SIGN_CALLS * delayMs, unit: 'ms' },
    { what: `${what}: first sign, slowest of ${all.length}`, value: quantile(signs, 1), unit: 'ms' },
    { what: `${what}: whole answer, median`, value: median(ends), unit: 'ms' }
  ]
}
