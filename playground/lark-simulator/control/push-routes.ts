import type { Fault, PushInput, RedeliverInput, SimConnection } from '../contract'
import { messageReceived } from '../messages/publish'
import type { Platform } from '../platform'
import { createEvent, createLegacyEvent } from '../push/push-event'
import type { AddRoute } from './control-router'

export const connectionView = ({
  connectionId,
  appId,
  openedAt,
  lastPingAt,
  halfOpen
}: SimConnection): SimConnection => ({
  connectionId,
  appId,
  openedAt,
  lastPingAt,
  halfOpen
})

/** Pushes, sockets and faults. */
export function pushRoutes(platform: Platform, add: AddRoute): void {
  const { world, push, sockets, faults } = platform
  add('post', '/redeliver', (request) => redeliver(platform, request.body as RedeliverInput))
  add('post', '/cancel-retries', (request) => ({
    cancelled: push.cancelRetries((request.body as { appId?: string }).appId)
  }))
  add('post', '/push', (request) => {
    const { appId, eventType, event, schema } = request.body as PushInput
    const input = { app: world.app(appId), tenantKey: world.tenantKey, eventType, event }
    const made = schema === '1.0' ? createLegacyEvent(input) : createEvent(input)
    void push.enqueue(input.app, made)
    return { eventId: made.eventId }
  })
  add('get', '/connections', (request) =>
    sockets.connections(request.query.appId as string | undefined).map(connectionView)
  )
  add('get', '/connections/history', (request) => sockets.history(request.query.appId as string))
  add('post', '/connections/close', (request) => {
    const { appId, ...how } = request.body as { appId: string; code?: number; terminate?: boolean }
    return { closed: sockets.close(appId, how) }
  })
  add('post', '/connections/half-open', (request) => {
    const { appId, on } = request.body as { appId: string; on: boolean }
    sockets.halfOpen(appId, on)
  })
  add('post', '/client-config', (request) => {
    Object.assign(sockets.config, request.body)
  })
  add('get', '/faults', () => faults.all())
  add('post', '/faults', (request) => ({ id: faults.add(request.body as Fault) }))
  add('delete', '/faults', () => faults.clear())
}

async function redeliver({ world, push }: Platform, input: RedeliverInput): Promise<void> {
  const app = world.app(input.appId)
  const known = push.lastEvent(input.appId, input.messageId)
  const eventId = input.newEventId ? undefined : known?.eventId
  // The event as it was pushed; an app that was left out before gets one made now.
  const event = () =>
    known && !input.newEventId ? known : messageReceived(world, app, world.message(input.messageId), eventId)
  const times = input.times ?? 1
  if (input.together)
    await Promise.all(Array.from({ length: times }, () => push.enqueue(app, event(), input.transport)))
  else for (let count = 0; count < times; count += 1) await push.enqueue(app, event(), input.transport)
}
