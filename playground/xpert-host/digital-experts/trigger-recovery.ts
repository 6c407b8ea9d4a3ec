import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common'
import { getErrorMessage } from '@xpert-ai/plugin-sdk'
import { DataSource, IsNull, Not } from 'typeorm'
import { TriggerRegistry } from '../plugin/strategy-registries'
import { TriggerPublisher } from './trigger-publisher'
import { Xpert } from './xpert.entity'

/**
 * Publishes the triggers of all experts' latest versions again at every start, on every instance, outside any request context:
 * so it finds plugins of the default tenant only, and `publish` sees no user and no organisation (host-observed 21
 * and 29). A strategy with `bootstrap.mode: 'skip'` is left alone.
 */
@Injectable()
export class TriggerRecovery implements OnApplicationBootstrap {
  private readonly logger = new Logger(TriggerRecovery.name)

  constructor(
    private readonly dataSource: DataSource,
    private readonly registry: TriggerRegistry,
    private readonly publisher: TriggerPublisher
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const published = { latest: true, publishAt: Not(IsNull()) }
    for (const xpert of await this.dataSource.getRepository(Xpert).findBy(published)) {
      for (const trigger of xpert.triggers) {
        const strategy = this.registry.find(trigger.from)
        if (!strategy) this.logger.warn(`Trigger ${trigger.from} of expert ${xpert.id} has no strategy`)
        else if (strategy.bootstrap?.mode !== 'skip') await this.replay(xpert, trigger)
      }
    }
  }

  private async replay(xpert: Xpert, trigger: Xpert['triggers'][number]): Promise<void> {
    try {
      await this.publisher.publish(xpert, trigger)
    } catch (error) {
      this.logger.error(`Trigger ${trigger.from} of expert ${xpert.id} was not recovered: ${getErrorMessage(error)}`)
    }
  }
}
