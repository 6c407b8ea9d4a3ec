import { Injectable } from '@nestjs/common'
import { Clock, isObject, JsonObject, textOf } from '../shared'
import { BotIdentities } from './bot-identity'
import { BotIdentity, LarkApi, LarkApis, OutgoingMessage, SentMessage } from './lark-api'
import { LarkApiError } from './lark-api-error'
import { LarkApp } from './lark-app'
import { LarkClient, LarkClientFactory } from './lark-client.factory'
import { toLarkApiError } from './to-lark-api-error'

const bodyOf = (message: OutgoingMessage) => ({
  msg_type: message.msgType,
  content: JSON.stringify(message.content),
  uuid: message.uuid
})

/** The answer said "ok" and yet lacks what it must have: whether the work is done is unknown. */
const incomplete = (api: string): LarkApiError =>
  new LarkApiError('unknown_outcome', { api, larkCode: 0, httpStatus: 200, larkMessage: 'the answer is incomplete' })

const requiredText = (data: JsonObject, field: string, api: string): string => {
  const text = textOf(data[field])
  if (text === undefined) throw incomplete(api)
  return text
}

const dataOf = (answer: unknown): JsonObject => {
  const data = isObject(answer) ? answer['data'] : undefined
  return isObject(data) ? data : {}
}

const sentMessageOf = (answer: unknown, api: string): SentMessage => {
  const data = dataOf(answer)
  const threadId = textOf(data['thread_id'])
  return {
    messageId: requiredText(data, 'message_id', api),
    chatId: requiredText(data, 'chat_id', api),
    ...(threadId === undefined ? {} : { threadId })
  }
}

/** The SDK's calls as one app; a refused token is renewed once, and every failure becomes a `LarkApiError`. */
class SdkLarkApi implements LarkApi {
  constructor(private readonly client: LarkClient) {}

  async sendMessage(
    input: OutgoingMessage & { receiveIdType: 'chat_id' | 'open_id'; receiveId: string }
  ): Promise<SentMessage> {
    const api = 'im.message.create'
    const answer = await this.call(api, ({ sdk }) =>
      sdk.im.v1.message.create({
        params: { receive_id_type: input.receiveIdType },
        data: { receive_id: input.receiveId, ...bodyOf(input) }
      })
    )
    return sentMessageOf(answer, api)
  }

  async replyMessage(input: OutgoingMessage & { messageId: string; replyInThread?: boolean }): Promise<SentMessage> {
    const api = 'im.message.reply'
    const answer = await this.call(api, ({ sdk }) =>
      sdk.im.v1.message.reply({
        path: { message_id: input.messageId },
        data: { ...bodyOf(input), ...(input.replyInThread ? { reply_in_thread: true } : {}) }
      })
    )
    return sentMessageOf(answer, api)
  }

  async patchCard(input: { messageId: string; card: Record<string, unknown> }): Promise<void> {
    await this.call('im.message.patch', ({ sdk }) =>
      sdk.im.v1.message.patch({ path: { message_id: input.messageId }, data: { content: JSON.stringify(input.card) } })
    )
  }

  async addReaction(input: { messageId: string; emoji: string }): Promise<{ reactionId: string }> {
    const api = 'im.messageReaction.create'
    const answer = await this.call(api, ({ sdk }) =>
      sdk.im.v1.messageReaction.create({
        path: { message_id: input.messageId },
        data: { reaction_type: { emoji_type: input.emoji } }
      })
    )
    return { reactionId: requiredText(dataOf(answer), 'reaction_id', api) }
  }

  async removeReaction(input: { messageId: string; reactionId: string }): Promise<void> {
    await this.call('im.messageReaction.delete', ({ sdk }) =>
      sdk.im.v1.messageReaction.delete({ path: { message_id: input.messageId, reaction_id: input.reactionId } })
    )
  }

  /** `bot` is at the top level of this answer, not under `data` (lark-platform 0.7). */
  async getBot(): Promise<BotIdentity> {
    const api = 'bot.info'
    const answer = await this.call(api, ({ sdk }) =>
      sdk.request<unknown>({ method: 'GET', url: '/open-apis/bot/v3/info' })
    )
    const bot = isObject(answer) && isObject(answer['bot']) ? answer['bot'] : {}
    return {
      openId: requiredText(bot, 'open_id', api),
      name: textOf(bot['app_name']) ?? '',
      activateStatus: typeof bot['activate_status'] === 'number' ? bot['activate_status'] : 0
    }
  }

  async countConnections(): Promise<number> {
    const api = 'event.connection.get'
    const answer = await this.call(api, ({ sdk }) =>
      sdk.request<unknown>({ method: 'GET', url: '/open-apis/event/v1/connection' })
    )
    const count = dataOf(answer)['online_instance_cnt']
    if (typeof count !== 'number') throw incomplete(api)
    return count
  }

  async checkCredentials(): Promise<void> {
    const { http, baseUrl, sdk } = this.client
    const url = `${baseUrl}/open-apis/auth/v3/tenant_access_token/internal`
    try {
      await http.post(url, { app_id: sdk.appId, app_secret: sdk.appSecret })
    } catch (error) {
      throw toLarkApiError(error, 'auth.tenantAccessToken')
    }
  }

  private async call<T>(api: string, send: (client: LarkClient) => Promise<T>): Promise<T> {
    try {
      return await this.send(api, send)
    } catch (error) {
      // The call itself was refused for its token, so nothing was done; the SDK alone would keep the token (trap 39).
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
export class SdkLarkApis extends LarkApis {
  private readonly bots: BotIdentities

  constructor(
    private readonly clients: LarkClientFactory,
    clock: Clock
  ) {
    super()
    this.bots = new BotIdentities(clock)
  }

  for(app: LarkApp): LarkApi {
    return new SdkLarkApi(this.clients.clientFor(app))
  }

  botOf(app: LarkApp): Promise<BotIdentity | null> {
    const client = this.clients.clientFor(app)
    return this.bots.of(client.key, () => new SdkLarkApi(client).getBot())
  }
}
