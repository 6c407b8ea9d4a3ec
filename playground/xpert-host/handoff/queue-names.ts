/** Short names of the named queues; `handoff` is what the host calls the default one. */
export const QUEUES = ['default', 'realtime', 'batch', 'integration'] as const
export type QueueName = (typeof QUEUES)[number]

const isQueue = (name: string): name is QueueName => (QUEUES as readonly string[]).includes(name)

/** Accepts `realtime`, `handoff:realtime`, `handoff` and nothing; unknown names go to the default queue. */
export function resolveQueue(header: string | undefined): QueueName {
  const name = (header ?? '').trim().replace(/^handoff:/, '')
  return isQueue(name) ? name : 'default'
}

/** The header as a processor sees it: recordings show the full name whatever the sender wrote. */
export const fullQueueName = (queue: QueueName): string => (queue === 'default' ? 'handoff' : `handoff:${queue}`)

/** Each queue has its own schema, so that a backlog of one never slows down the search for work in another. */
export const queueSchema = (queue: QueueName): string => `handoff_${queue}`

export const wakeChannel = (queue: QueueName): string => `handoff_wake_${queue}`
