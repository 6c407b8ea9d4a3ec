import { Controller, Post, Req, Res } from '@nestjs/common'
import { PublicRoute } from '../host'
import { answer, answerRefusal, HttpRequest, HttpResponse, integrationIdOf, toWebhookRequest } from './http'
import { WebhookIntake } from './webhook-intake'

/** Where Lark posts events and card clicks. */
@Controller('lark')
export class LarkWebhookController {
  constructor(private readonly intake: WebhookIntake) {}

  @PublicRoute()
  @Post('webhook/:integrationId')
  async receive(@Req() request: HttpRequest, @Res() response: HttpResponse): Promise<void> {
    try {
      answer(response, 200, await this.intake.take(integrationIdOf(request), toWebhookRequest(request)))
    } catch (error) {
      answerRefusal(error, response)
    }
  }
}
