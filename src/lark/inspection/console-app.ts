import { objectOf, textOf } from '../../shared'

/** How Lark delivers, as the console says. */
export type ConsoleMode = 'webhook' | 'long_connection'

/** One of the console's two subscriptions: events, or card callbacks. What it does not tell is undefined. */
export interface Subscription {
  mode?: ConsoleMode
  url?: string
  types?: readonly string[]
}

/** What an app may read about itself with `application:application:self_manage`. */
export interface ConsoleApp {
  /** 1 is "enabled". */
  status?: number
  /** Of the published version. */
  onlineVersionId?: string
  /** Of one that waits for its approval. */
  unauditVersionId?: string
  events: Subscription
  callbacks: Subscription
}

/** Who can see the published version. */
export type Audience = 'all' | 'some' | 'nobody'

const modeOf = (value: unknown): ConsoleMode | undefined => {
  const name = textOf(value)?.toLowerCase()
  if (name === undefined) return undefined
  if (name.includes('websocket') || name.includes('connection')) return 'long_connection'
  return name.includes('webhook') ? 'webhook' : undefined
}

const typesOf = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) ? value.filter((type): type is string => typeof type === 'string') : undefined

export const parseConsoleApp = (value: unknown): ConsoleApp => {
  const app = objectOf(value)
  const events = objectOf(app['event'])
  // Two spellings, of which newer answers fill the second.
  const callbacks = { ...objectOf(app['callback']), ...objectOf(app['callback_info']) }
  return {
    status: typeof app['status'] === 'number' ? app['status'] : undefined,
    onlineVersionId: textOf(app['online_version_id']),
    unauditVersionId: textOf(app['unaudit_version_id']),
    events: {
      mode: modeOf(events['subscription_type']),
      url: textOf(events['request_url']),
      types: typesOf(events['subscribed_events'])
    },
    callbacks: {
      mode: modeOf(callbacks['callback_type']),
      url: textOf(callbacks['request_url']),
      types: typesOf(callbacks['subscribed_callbacks'])
    }
  }
}

/** Undefined when the version does not tell. */
export const parseAudience = (version: unknown): Audience | undefined => {
  const visibility = objectOf(objectOf(objectOf(version)['remark'])['visibility'])
  if (visibility['is_all'] === true) return 'all'
  if (visibility['is_all'] !== false) return undefined
  const lists = Object.values(objectOf(visibility['visible_list']))
  return lists.some((list) => Array.isArray(list) && list.length > 0) ? 'some' : 'nobody'
}
