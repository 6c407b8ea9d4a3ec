import type { TriggerNode } from './xpert.entity'

export interface TriggerDelta {
  removed: TriggerNode[]
  changed: { previous: TriggerNode; current: TriggerNode }[]
  added: TriggerNode[]
}

/** What a publication has to stop and to publish; an unchanged trigger is left alone. */
export function triggerDelta(previous: TriggerNode[], current: TriggerNode[]): TriggerDelta {
  const before = new Map(previous.map((trigger) => [trigger.from, trigger]))
  const after = new Map(current.map((trigger) => [trigger.from, trigger]))
  const delta: TriggerDelta = { removed: [], changed: [], added: [] }
  for (const [from, trigger] of before) {
    const next = after.get(from)
    if (!next) delta.removed.push(trigger)
    else if (canonical(trigger.config) !== canonical(next.config))
      delta.changed.push({ previous: trigger, current: next })
  }
  for (const [from, trigger] of after) if (!before.has(from)) delta.added.push(trigger)
  return delta
}

/** JSON with sorted keys: PostgreSQL's jsonb does not keep the order in which a configuration was sent. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  return `{${fields
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`)
    .join(',')}}`
}
