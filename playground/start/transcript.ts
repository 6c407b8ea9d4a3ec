import type { SeenMessage, Transport } from '../lark-simulator/client'
import type { Exchange } from './exchange'

const NAMES: Record<Transport, string> = { long_connection: 'long connection', webhook: 'webhook' }
const INDENT = 2

/** The exchange as the person saw it, and how long it took. */
export function transcript(exchange: Exchange): string {
  const width = Math.max(...exchange.seen.map(({ from }) => from.length), 0) + INDENT
  const lines = exchange.seen.flatMap((message) => messageLines(message, width))
  return [`Over the ${NAMES[exchange.bot.transport]}:`, '', ...lines, '', timing(exchange), ''].join('\n')
}

/** `width`: of the column with the names. */
export function messageLines(message: SeenMessage, width: number): string[] {
  const body = message.recalled ? '(recalled)' : message.text
  const reactions = message.reactions.map(({ emoji, by }) => `[${emoji} by ${by}]`)
  const [first = '', ...more] = [...body.split('\n'), ...(reactions.length > 0 ? [reactions.join(' ')] : [])]
  const margin = ' '.repeat(INDENT + width)
  return [
    `${' '.repeat(INDENT)}${message.from.padEnd(width)}${first}`,
    ...more.map((line) => (line ? margin + line : ''))
  ]
}

export function timing({ firstSign, endMs }: Pick<Exchange, 'firstSign' | 'endMs'>): string {
  const first = firstSign ? `first sign (${firstSign.what}) after ${duration(firstSign.ms)}` : 'no sign'
  return `  ${first}, ${endMs === undefined ? 'no complete answer' : `complete after ${duration(endMs)}`}`
}

export const duration = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`)
