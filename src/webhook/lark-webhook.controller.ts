import { Controller, Param, Post, Req, Res } from '@nestjs/common'
import { PublicRoute } from '../host'
import { answerRefusal, HttpRequest, HttpResponse, toWebhookRequest } from './http'
import { WebhookIntake } from './webhook-intake'

/** Where Lark posts events and card clicks. */
@Controller('lark')
export class LarkWebhookController {
  constructor(private readonly intake: WebhookIntake) {}

  @PublicRoute()
  @Post('webhook/:integrationId')
  async receive(
    @Param('integrationId') integrationId: string,
    @Req() request: HttpRequest,
    @Res() response: HttpResponse
  ): Promise<void> {
    try {
      response.status(200).json(await this.intake.take(integrationId, toWebhookRequest(request)))
    } catch (error) {
      answerRefusal(error, response)
    }
  }
}
