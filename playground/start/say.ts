import type { SeenMessage, Transport } from '../lark-simulator/client'
import { foundCompany, type Company } from './company'
import { talk, type Exchange } from './exchange'
import { describeRows, outcomeRows, type OutcomeRow } from './outcome'
import type { Servers } from './servers'
import type { StateFolder } from './state-folder'
import { transcript } from './transcript'
import { until } from './until'

/** One message to one bot. */
export interface Said extends Exchange {
  text: string
  passed: boolean
  /** What the plugin noted about the message. */
  rows: OutcomeRow[]
}

const ANSWER_WITHIN_MS = 30_000
const NOTED_WITHIN_MS = 5_000
const ORDER: readonly Transport[] = ['long_connection', 'webhook']

/** One message to each bot, until one is not answered in time. */
export async function say(
  text: string,
  { servers, state }: { servers: Servers; state: StateFolder },
  onSaid: (said: Said) => void = () => undefined
): Promise<Said[]> {
  await servers.start()
  const company = await foundCompany(servers.simulator, servers.host, state)
  await servers.simulator.waitForConnections(company.bots.long_connection.app.appId, 1, ANSWER_WITHIN_MS)
  const all: Said[] = []
  for (const transport of ORDER) {
    const said = await sayOver(transport, text, servers, company)
    all.push(said)
    onSaid(said)
    if (!said.passed) break
  }
  return all
}

async function sayOver(transport: Transport, text: string, servers: Servers, company: Company): Promise<Said> {
  const { simulator } = servers
  const [person] = company.people
  if (!person) throw new Error('nobody is there to say it')
  const exchange = await talk({ simulator, person, bot: company.bots[transport], text, limitMs: ANSWER_WITHIN_MS })
  const passed = exchange.endMs !== undefined
  const look = (): Promise<OutcomeRow[]> => outcomeRows(servers.databaseUrl, exchange.messageId)
  // The outcome is written when Lark has taken the last piece, a moment after the person has read it.
  const rows = await until(passed ? NOTED_WITHIN_MS : 0, look, (seen) => seen.some(({ state }) => state === 'answered'))
  return { ...exchange, text, rows, passed }
}

export function saidLines(said: Said, hostLog: readonly string[]): string {
  if (said.passed) return transcript(said)
  return `${transcript(said)}
No complete answer within ${ANSWER_WITHIN_MS / 1000} s. What the plugin noted about the message:

${describeRows(said.messageId, said.rows)}

The end of the host's log:

${hostLog.join('\n')}`
}

/** The document of --say --json. */
export const saidJson = (text: string, all: readonly Said[]): object => ({
  say: text,
  passed: all.every(({ passed }) => passed),
  exchanges: all.map(({ bot, person, messageId, firstSign, endMs, seen, rows, passed }) => ({
    transport: bot.transport,
    by: person.name,
    to: bot.app.name,
    text,
    messageId,
    firstSign: firstSign ? { what: firstSign.what, ms: Math.round(firstSign.ms) } : null,
    endMs: endMs === undefined ? null : Math.round(endMs),
    seen: seen.map(seenJson),
    outcomes: rows.map(({ state, reason }) => ({ state, reason })),
    passed,
    ...(!passed && { noted: rows })
  }))
})

const seenJson = ({ from, type, text, reactions, recalled, card }: SeenMessage): object => ({
  from,
  type,
  text,
  buttons: card?.buttons.map((button) => button.text) ?? [],
  reactions,
  recalled
})
