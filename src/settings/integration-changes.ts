import { Injectable } from '@nestjs/common'
import { Log } from '../shared'
import { IntegrationReader } from './integration-reader'
import { IntegrationListener } from './ports'

/** Tells the rooms of this process that an integration was changed or removed; each at its own risk. */
@Injectable()
export class IntegrationChanges {
  private readonly log = new Log('settings')
  private readonly listeners: IntegrationListener[] = []

  constructor(private readonly reader: IntegrationReader) {}

  listen(listener: IntegrationListener): void {
    this.listeners.push(listener)
  }

  async changed(integrationId: string): Promise<void> {
    this.reader.drop(integrationId)
    await this.tell(integrationId, (listener) => listener.integrationChanged(integrationId))
  }

  async removed(integrationId: string): Promise<void> {
    this.reader.drop(integrationId)
    await this.tell(integrationId, (listener) => listener.integrationRemoved(integrationId))
  }

  private async tell(integrationId: string, call: (listener: IntegrationListener) => Promise<void>): Promise<void> {
    const results = await Promise.allSettled(this.listeners.map(call))
    for (const result of results) {
      if (result.status === 'rejected') {
        this.log.warn('a room did not take an integration change', { integration: integrationId }, result.reason)
      }
    }
  }
}
