import { Injectable } from '@nestjs/common'
import { LRUCache } from 'lru-cache'
import { InstanceRegistry } from '../cluster'
import { LarkReaction } from './lark-api-error'
import { PlannedCall } from './rate-governor'

const MAX_APPS = 200

/** Calls of one app since this process started: by call, and by what became of them. */
export interface AppCalls {
  byApi: Record<string, number>
  failed: Partial<Record<LarkReaction, number>>
}

/** The part of `plugin_lark_instance.counters` under which every process reports its calls, by app key. */
export const CALLS_PART = 'lark-calls'

/** Counts calls to Lark per app for Status; every heartbeat carries them. */
@Injectable()
export class CallCounts {
  private readonly apps = new LRUCache<string, AppCalls>({ max: MAX_APPS })

  constructor(instances: InstanceRegistry) {
    instances.report(CALLS_PART, () => Object.fromEntries(this.apps.entries()))
  }

  add({ appKey, api }: PlannedCall, outcome: 'ok' | LarkReaction): void {
    const calls = this.of(appKey)
    calls.byApi[api] = (calls.byApi[api] ?? 0) + 1
    if (outcome !== 'ok') calls.failed[outcome] = (calls.failed[outcome] ?? 0) + 1
    this.apps.set(appKey, calls)
  }

  of(appKey: string): AppCalls {
    return this.apps.get(appKey) ?? { byApi: {}, failed: {} }
  }
}
