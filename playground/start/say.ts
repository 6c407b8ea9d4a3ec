import type { Transport } from '../lark-simulator/client'
import { foundCompany, type Company } from './company'
import { talk } from './exchange'
import { outcomeOf } from './outcome'
import { Servers } from './servers'
import type { StateFolder } from './state-folder'
import { transcript } from './transcript'

const ANSWER_WITHIN_MS = 30_000
const ORDER: readonly Transport[] = ['long_connection', 'webhook']

/** One message to each bot. Returns the exit code: 0 when both answered in time. */
export async function say(text: string, servers: Servers, state: StateFolder): Promise<number> {
  await servers.start()
  const company = await foundCompany(servers.simulator, servers.host, state)
  await servers.simulator.waitForConnections(company.bots.long_connection.app.appId, 1, ANSWER_WITHIN_MS)
  for (const transport of ORDER) {
    if (!(await sayOver(transport, text, servers, company))) return 1
  }
  return 0
}

async function sayOver(transport: Transport, text: string, servers: Servers, company: Company): Promise<boolean> {
  const { simulator } = servers
  const [person] = company.people
  if (!person) throw new Error('nobody is there to say it')
  const exchange = await talk({ simulator, person, bot: company.bots[transport], text, limitMs: ANSWER_WITHIN_MS })
  console.log(transcript(exchange))
  if (exchange.endMs !== undefined) return true
  console.log(`No complete answer within ${ANSWER_WITHIN_MS / 1000} s. What the plugin noted about the message:\n`)
  console.log(await outcomeOf(servers.databaseUrl, exchange.messageId))
  console.log(`\nThe end of the host's log:\n\n${servers.hostLog.join('\n')}`)
  return false
}
