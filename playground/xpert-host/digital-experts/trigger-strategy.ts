import type { TriggerNode } from './xpert.entity'

export interface ChecklistItem {
  node?: string
  ruleCode: string
  field: string
  value: unknown
  message: { en_US: string; zh_Hans?: string }
  level: 'error' | 'warning'
}

export interface TriggerParams {
  xpertId: string
  config: Record<string, unknown>
}

export interface TriggerStrategy {
  meta: { name: string; [key: string]: unknown }
  /** Without it a restart of the host publishes every published expert's trigger again. */
  bootstrap?: { mode: 'replay_publish' | 'skip' }
  /** The only call that gets the node. Must return an array. */
  validate(params: TriggerParams & { node: object }): Promise<ChecklistItem[]>
  publish(params: TriggerParams, callback: (payload: unknown) => void): unknown
  stop(params: TriggerParams): unknown
}

/** A trigger as a node of an expert's graph. */
export const toGraphNode = (trigger: TriggerNode) => ({
  type: 'workflow',
  key: `Trigger_${trigger.from}`,
  entity: { type: 'trigger', key: `Trigger_${trigger.from}`, from: trigger.from, config: trigger.config }
})
