import { Controller, Module, Post, Req, Res, SetMetadata } from '@nestjs/common'
import type { Request, Response } from 'express'
import { metaOf } from '../support/plugin-folder'
import { checkAtDoor, type DoorKeys } from './door'

const keys = JSON.parse(process.env.DOOR_KEYS ?? '{}') as DoorKeys

/** An empty route in the host's own stack: it verifies, decrypts and answers, as little as a webhook can do. */
@Controller('lark')
class EmptyController {
  @SetMetadata('isPublic', true)
  @Post('webhook/:integrationId')
  take(@Req() request: Request, @Res() response: Response): void {
    // The host keeps no raw body; the serialised one is the same for a compact one.
    const bytes = Buffer.from(JSON.stringify(request.body))
    checkAtDoor({ bytes, body: request.body, header: (name) => String(request.headers[name] ?? '') }, keys)
    response.status(200).json({})
  }
}

@Module({ controllers: [EmptyController] })
class EmptyModule {}

export default {
  meta: metaOf('Empty', 'An empty route'),
  register: () => ({ module: EmptyModule, global: false })
}
