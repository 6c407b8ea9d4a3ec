import { Controller } from '@nestjs/common'

@Controller('lark')
export class LarkWebhookController {}
