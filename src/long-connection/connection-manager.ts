import { Injectable } from '@nestjs/common'
import { IntegrationListener } from '../settings'

@Injectable()
export class ConnectionManager implements IntegrationListener {
  /** Begins the rounds; called from the plugin's life cycle, never from a request. */
  async start(): Promise<void> {}

  /** Closes every socket and releases every lease. */
  async stop(): Promise<void> {}

  async integrationChanged(_integrationId: string): Promise<void> {}

  async integrationRemoved(_integrationId: string): Promise<void> {}
}
