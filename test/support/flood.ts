import { Agent, request } from 'node:http'
import { Sent } from './webhook-requests'

/** Requests that are under way at the same time. */
const AT_ONCE = 32

const statusOf = (agent: Agent, hostUrl: string, { id, body, headers }: Sent): Promise<number> =>
  new Promise((resolve, reject) => {
    const sending = request(`${hostUrl}/api/lark/webhook/${id}`, {
      agent,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers }
    })
    sending.on('error', reject).on('response', (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0))
    })
    sending.end(body)
  })

/**
 * Posts `times` requests over connections of its own, which are closed afterwards: what a host still holds is not held
 * by them. Answers how often each status came.
 */
export const flood = async (
  hostUrl: string,
  times: number,
  sent: (index: number) => Sent
): Promise<Record<number, number>> => {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
  const statuses: Record<number, number> = {}
  let next = 0
  const sender = async (): Promise<void> => {
    while (next < times) {
      const status = await statusOf(agent, hostUrl, sent(next++))
      statuses[status] = (statuses[status] ?? 0) + 1
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, sender))
  agent.destroy()
  return statuses
}
