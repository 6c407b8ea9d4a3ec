import { Controller, Inject, Module, OnModuleInit, Post, Req, Res, SetMetadata } from '@nestjs/common'
import type { Request, Response } from 'express'
import { DataSource } from 'typeorm'
import { metaOf } from '../support/plugin-folder'
import { checkAtDoor, type DoorKeys } from './door'
import { INSERT, TABLE } from './inserted-event'

const keys = JSON.parse(process.env.DOOR_KEYS ?? '{}') as DoorKeys

/**
 * A route in the host's own stack that verifies, decrypts and answers: as little as a webhook can do. With `DOOR_INSERTS` it
 * stores the event first, through the host's data source: as little as one can do that loses nothing.
 */
@Controller('lark')
class EmptyController implements OnModuleInit {
  private readonly inserts = process.env.DOOR_INSERTS === '1'

  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  async onModuleInit(): Promise<void> {
    if (this.inserts) await this.dataSource.query(TABLE)
  }

  @SetMetadata('isPublic', true)
  @Post('webhook/:integrationId')
  async take(@Req() request: Request, @Res() response: Response): Promise<void> {
    // The host keeps no raw body; the serialised one is the same for a compact one.
    const bytes = Buffer.from(JSON.stringify(request.body))
    const id = checkAtDoor({ bytes, body: request.body, header: (name) => String(request.headers[name] ?? '') }, keys)
    if (this.inserts) await this.dataSource.query(INSERT, [id, bytes.toString('utf8')])
    response.status(200).json({})
  }
}

@Module({ controllers: [EmptyController] })
class EmptyModule {}

export default {
  meta: metaOf('Empty', 'An empty route'),
  register: () => ({ module: EmptyModule, global: false })
}
