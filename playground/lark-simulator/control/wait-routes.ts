import type { MessageMatch, SeenMessage, SimCall, SimDelivery } from '../contract'
import { seenMessage } from '../messages/seen-view'
import type { Platform } from '../platform'
import type { AddRoute } from './control-router'
import { connectionView } from './push-routes'

type CallFilter = { api?: string; appId?: string; since?: number; code?: number; count?: number; inFlight?: boolean }
type DeliveryFilter = { appId?: string; messageId?: string; eventType?: string; ok?: boolean; attempt?: number }

/** Long polls: answered by the change that fulfils them; limits are real time. */
export function waitRoutes(platform: Platform, add: AddRoute): void {
  const { world, traffic } = platform
  add('get', '/calls', (request) => traffic.calls.filter(callMatcher(fromQuery(request.query) as CallFilter)))
  add('get', '/deliveries', (request) =>
    traffic.deliveries.filter(deliveryMatcher(fromQuery(request.query) as DeliveryFilter))
  )
  add('get', '/violations', () => [...world.violations, ...platform.internalErrors])
  add('post', '/wait-for-message', (request) => {
    const { chatId, match, timeoutMs } = request.body as { chatId: string; match: MessageMatch; timeoutMs: number }
    return waitForMessage(platform, chatId, match, timeoutMs)
  })
  add('post', '/settled', async (request) => {
    const { timeoutMs, ...scope } = request.body as { timeoutMs: number; appId?: string; ignoreRetries?: boolean }
    const done = await world.changes.until(() => (traffic.settled(scope) ? true : undefined), timeoutMs)
    if (!done) throw new Error(`not settled after ${timeoutMs} ms: ${traffic.describe()}`)
  })
  add('post', '/wait-for-delivery', async (request) => {
    const { filter, timeoutMs } = request.body as { filter: DeliveryFilter; timeoutMs: number }
    const matches = deliveryMatcher(filter)
    const look = () => traffic.deliveries.find((delivery) => delivery.endedAt !== undefined && matches(delivery))
    return orThrow(
      await world.changes.until(look, timeoutMs),
      `no delivery ${JSON.stringify(filter)}`,
      traffic.deliveries
    )
  })
  add('post', '/wait-for-call', async (request) => {
    const { filter, timeoutMs } = request.body as { filter: CallFilter; timeoutMs: number }
    const matches = callMatcher(filter)
    const look = () => {
      const found = traffic.calls.filter(
        (call) => (call.endedAt === undefined) === (filter.inFlight === true) && matches(call)
      )
      return found.length >= (filter.count ?? 1) ? found : undefined
    }
    return orThrow(await world.changes.until(look, timeoutMs), `no call ${JSON.stringify(filter)}`, traffic.calls)
  })
  add('post', '/wait-for-connections', async (request) => {
    const { appId, count, timeoutMs } = request.body as { appId: string; count: number; timeoutMs: number }
    const look = () => {
      const open = platform.sockets.connections(appId)
      return (count === 0 ? open.length === 0 : open.length >= count) ? open.map(connectionView) : undefined
    }
    return orThrow(
      await world.changes.until(look, timeoutMs),
      `${appId} has not ${count} connections`,
      platform.sockets.connections().map(connectionView)
    )
  })
}

async function waitForMessage(
  platform: Platform,
  chatId: string,
  match: MessageMatch,
  timeoutMs: number
): Promise<SeenMessage> {
  const { world } = platform
  const seen = () => world.messagesOf(world.chat(chatId).chatId).map((message) => seenMessage(world, message))
  const found = await world.changes.until(() => seen().find((message) => matchesMessage(message, match)), timeoutMs)
  return orThrow(
    found,
    `no message ${JSON.stringify(match)} after ${timeoutMs} ms`,
    seen().map(({ card, ...rest }) => ({ ...rest, streaming: card?.streaming }))
  )
}

function matchesMessage(message: SeenMessage, match: MessageMatch): boolean {
  if (match.fromBot !== undefined && message.fromBot !== match.fromBot) return false
  if (match.textIncludes !== undefined && !message.text.includes(match.textIncludes)) return false
  if (match.replyTo !== undefined && message.replyTo !== match.replyTo) return false
  return match.final === undefined || match.final === !message.card?.streaming
}

function orThrow<T>(value: T | undefined, problem: string, dump: unknown[]): T {
  if (value === undefined)
    throw new Error(
      `${problem}\n${dump
        .slice(-30)
        .map((item) => JSON.stringify(item))
        .join('\n')}`
    )
  return value
}

const callMatcher =
  (filter: CallFilter) =>
  (call: SimCall): boolean =>
    (filter.api === undefined || call.api === filter.api) &&
    (filter.appId === undefined || call.appId === filter.appId) &&
    (filter.code === undefined || call.code === filter.code) &&
    (filter.since === undefined || call.at >= Number(filter.since))

const deliveryMatcher =
  (filter: DeliveryFilter) =>
  (delivery: SimDelivery): boolean =>
    (filter.appId === undefined || delivery.appId === filter.appId) &&
    (filter.messageId === undefined || delivery.messageId === filter.messageId) &&
    (filter.eventType === undefined || delivery.eventType === filter.eventType) &&
    (filter.ok === undefined || delivery.ok === filter.ok) &&
    (filter.attempt === undefined || delivery.attempt === filter.attempt)

const fromQuery = (query: object): Record<string, string> => query as Record<string, string>
