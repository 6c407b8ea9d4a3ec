import { Injectable } from '@nestjs/common'
import { IntegrationReader, LarkIntegration } from '../settings'
import { WebhookActivity } from './webhook-activity'
import { WebhookRejectedError } from './webhook-rejected-error'

/** Which integration a request is for. */
@Injectable()
export class AddressedIntegration {
  constructor(
    private readonly integrations: IntegrationReader,
    private readonly activity: WebhookActivity
  ) {}

  /** Throws `WebhookRejectedError`: 404 only where there surely is none, else Lark would give up. */
  async of(id: string): Promise<LarkIntegration> {
    const found = await this.integrations.lookUp(id)
    switch (found) {
      case 'unknown':
        throw this.refused(new WebhookRejectedError('unknown_integration', 'There is no such Lark integration'))
      case 'unavailable':
        throw this.refused(new WebhookRejectedError('unavailable', 'Try again later'))
      case 'unusable':
        throw this.refused(new WebhookRejectedError('not_configured', 'The integration can not be used'), id)
      default:
        return found.integration
    }
  }

  private refused(error: WebhookRejectedError, knownId?: string): WebhookRejectedError {
    this.activity.refused(error, knownId?.toLowerCase())
    return error
  }
}
