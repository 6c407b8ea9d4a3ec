import { Injectable, Logger } from '@nestjs/common'
import { getErrorMessage } from '@xpert-ai/plugin-sdk'
import { TriggerRegistry } from '../plugin/strategy-registries'
import { TriggerCallback } from './trigger-callback'
import { triggerDelta } from './trigger-delta'
import type { TriggerStrategy } from './trigger-strategy'
import type { TriggerNode, Xpert } from './xpert.entity'

/** Strict: the first failure is thrown, so publishing stops. Otherwise failures are logged. */
export interface ReconcileOptions {
  strict: boolean
}

/**
 * Tells triggers what changed between two publications of an expert: removed is stopped, changed is stopped with its
 * old configuration and then published, added is published. Neither call gets a node or an agent key.
 */
@Injectable()
export class TriggerPublisher {
  private readonly logger = new Logger(TriggerPublisher.name)

  constructor(
    private readonly registry: TriggerRegistry,
    private readonly callback: TriggerCallback
  ) {}

  async reconcile(
    xpert: Xpert,
    previous: TriggerNode[],
    current: TriggerNode[],
    { strict }: ReconcileOptions
  ): Promise<void> {
    const delta = triggerDelta(previous, current)
    for (const trigger of delta.removed) await this.attempt(strict, () => this.stop(xpert, trigger))
    for (const { previous: old, current: next } of delta.changed) {
      const stopped = await this.attempt(strict, () => this.stop(xpert, old))
      if (stopped) await this.attempt(strict, () => this.replace(xpert, old, next))
    }
    for (const trigger of delta.added) await this.attempt(strict, () => this.publish(xpert, trigger))
  }

  async publish(xpert: Xpert, trigger: TriggerNode): Promise<void> {
    const params = { xpertId: xpert.id, config: trigger.config }
    await this.strategy(trigger).publish(params, (payload) => this.callback.handle(xpert, payload))
  }

  private async stop(xpert: Xpert, trigger: TriggerNode): Promise<void> {
    await this.strategy(trigger).stop({ xpertId: xpert.id, config: trigger.config })
  }

  private async replace(xpert: Xpert, old: TriggerNode, next: TriggerNode): Promise<void> {
    try {
      await this.publish(xpert, next)
    } catch (error) {
      await this.attempt(false, () => this.publish(xpert, old))
      throw error
    }
  }

  private strategy(trigger: TriggerNode): TriggerStrategy {
    const strategy = this.registry.find(trigger.from)
    if (!strategy) throw new Error(`No strategy found for type ${trigger.from}`)
    return strategy
  }

  private async attempt(strict: boolean, work: () => Promise<void>): Promise<boolean> {
    try {
      await work()
      return true
    } catch (error) {
      if (strict) throw error
      this.logger.warn(`Trigger failed: ${getErrorMessage(error)}`)
      return false
    }
  }
}
