import { Controller, Param, Post, Req, Res } from '@nestjs/common'
import { PublicRoute } from '../host'
import { Log } from '../shared'
import { WebhookIntake } from './webhook-intake'
import { WebhookRejectedError } from './webhook-rejected-error'
import { WebhookRequest } from './webhook-request'

/** The part of the HTTP request that is read here. */
export interface WebhookHttpRequest {
  body?: unknown
  /** Kept by hosts that were asked to; the Xpert host is not (host-observed 14). */
  rawBody?: Buffer
  headers: Record<string, string | string[] | undefined>
}

/** The part of the HTTP response that is used here. */
export interface WebhookHttpResponse {
  status(code: number): { json(body: object): unknown }
}

const toWebhookRequest = ({ body, rawBody, headers }: WebhookHttpRequest): WebhookRequest => ({
  bytes: Buffer.isBuffer(rawBody) ? rawBody : Buffer.from(JSON.stringify(body ?? null)),
  body,
  headers
})

/** Where Lark posts events and card clicks. Answers with small JSON, never with a stack. */
@Controller('lark')
export class LarkWebhookController {
  private readonly log = new Log('webhook')

  constructor(private readonly intake: WebhookIntake) {}

  @PublicRoute()
  @Post('webhook/:integrationId')
  async receive(
    @Param('integrationId') integrationId: string,
    @Req() request: WebhookHttpRequest,
    @Res() response: WebhookHttpResponse
  ): Promise<void> {
    try {
      response.status(200).json(await this.intake.take(integrationId, toWebhookRequest(request)))
    } catch (error) {
      this.reject(error, response)
    }
  }

  private reject(error: unknown, response: WebhookHttpResponse): void {
    if (!(error instanceof WebhookRejectedError)) {
      this.log.error('a webhook request failed', {}, error)
      response.status(500).json({ code: 'internal', message: 'Internal error' })
      return
    }
    // A stranger decides how many of these come, so only our own trouble is worth more than a debug line.
    if (error.code === 'unavailable') this.log.warn('an event was not stored', {}, error.cause)
    else this.log.debug('a webhook request was rejected', { code: error.code })
    response.status(error.status).json({ code: error.code, message: error.message })
  }
}
