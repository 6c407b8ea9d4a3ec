import { Injectable } from '@nestjs/common'
import { EventTarget, IntegrationListener, LarkIntegration } from '../settings'
import { BindingRepository } from './binding.repository'

/** The integration with a published binding gets the events of a shared app; without one, the first. */
@Injectable()
export class BindingEventTarget extends EventTarget implements IntegrationListener {
  private bound: ReadonlySet<string> = new Set()

  constructor(private readonly bindings: BindingRepository) {
    super()
  }

  pick(candidates: readonly LarkIntegration[]): LarkIntegration {
    const target = this.published(candidates)[0] ?? candidates[0]
    if (!target) throw new Error('An event needs at least one integration')
    return target
  }

  published(candidates: readonly LarkIntegration[]): LarkIntegration[] {
    return candidates.filter((candidate) => this.bound.has(candidate.id))
  }

  async refresh(): Promise<void> {
    this.bound = new Set(await this.bindings.boundIntegrations())
  }

  async integrationChanged(): Promise<void> {
    await this.refresh()
  }

  kept(): Promise<string[]> {
    return this.bindings.boundIntegrations()
  }

  /** Once it is gone for sure: nobody would publish its expert anew where the host could not delete it. */
  async integrationRemoved(integrationId: string, isGone: boolean): Promise<void> {
    if (isGone) await this.bindings.removeIntegration(integrationId)
    await this.refresh()
  }
}
