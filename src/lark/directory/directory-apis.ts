import { Injectable } from '@nestjs/common'
import { LarkApiError } from '../lark-api-error'
import { LarkApp } from '../lark-app'
import { LarkClient, LarkClientFactory } from '../lark-client.factory'
import { toLarkApiError } from '../to-lark-api-error'
import { DirectoryApi, DirectoryCaller } from './directory-api'

/** The SDK alone keeps a token that Lark has refused (lark-platform trap 39). */
class FreshTokenCaller implements DirectoryCaller {
  constructor(private readonly client: LarkClient) {}

  async call<T>(api: string, _target: object, send: (client: LarkClient) => Promise<T>): Promise<T> {
    try {
      return await this.send(api, send)
    } catch (error) {
      if (!(error instanceof LarkApiError) || error.code !== 'token') throw error
      this.client.tokens.clear()
      return this.send(api, send)
    }
  }

  private async send<T>(api: string, send: (client: LarkClient) => Promise<T>): Promise<T> {
    try {
      return await send(this.client)
    } catch (error) {
      throw toLarkApiError(error, api)
    }
  }
}

@Injectable()
export class DirectoryApis {
  constructor(private readonly clients: LarkClientFactory) {}

  for(app: LarkApp): DirectoryApi {
    return new DirectoryApi(new FreshTokenCaller(this.clients.clientFor(app)))
  }
}
