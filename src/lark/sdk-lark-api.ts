import { JsonObject, objectOf, textOf } from '../shared'
import { dataOf, incomplete } from './answer'
import { BotIdentity, CardChange, CardJson, LarkApi, OutgoingMessage, SentMessage } from './lark-api'
import { LarkCaller } from './lark-caller'

const bodyOf = (message: OutgoingMessage) => ({
  msg_type: message.msgType,
  content: JSON.stringify(message.content),
  uuid: message.uuid
})

const requiredText = (data: JsonObject, field: string, api: string): string => {
  const text = textOf(data[field])
  if (text === undefined) throw incomplete(api)
  return text
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

/** The SDK's calls as one app. */
export class SdkLarkApi implements LarkApi {
  constructor(private readonly caller: LarkCaller) {}

  async sendMessage(
    input: OutgoingMessage & { receiveIdType: 'chat_id' | 'open_id'; receiveId: string }
  ): Promise<SentMessage> {
    const api = 'im.message.create'
    const chat = input.receiveIdType === 'chat_id' ? { chatId: input.receiveId } : {}
    const answer = await this.caller.call(api, chat, ({ sdk }) =>
      sdk.im.v1.message.create({
        params: { receive_id_type: input.receiveIdType },
        data: { receive_id: input.receiveId, ...bodyOf(input) }
      })
    )
    return sentMessageOf(answer, api)
  }

  async replyMessage(
    input: OutgoingMessage & { messageId: string; chatId?: string; replyInThread?: boolean }
  ): Promise<SentMessage> {
    const api = 'im.message.reply'
    const answer = await this.caller.call(api, { chatId: input.chatId }, ({ sdk }) =>
      sdk.im.v1.message.reply({
        path: { message_id: input.messageId },
        data: { ...bodyOf(input), ...(input.replyInThread ? { reply_in_thread: true } : {}) }
      })
    )
    return sentMessageOf(answer, api)
  }

  async patchCard(input: { messageId: string; card: Record<string, unknown> }): Promise<void> {
    await this.caller.call('im.message.patch', { messageId: input.messageId }, ({ sdk }) =>
      sdk.im.v1.message.patch({ path: { message_id: input.messageId }, data: { content: JSON.stringify(input.card) } })
    )
  }

  async recallMessage({ messageId }: { messageId: string }): Promise<void> {
    await this.caller.call('im.message.delete', {}, ({ sdk }) =>
      sdk.im.v1.message.delete({ path: { message_id: messageId } })
    )
  }

  async createCard({ card }: { card: CardJson }): Promise<{ cardId: string }> {
    const api = 'cardkit.card.create'
    const answer = await this.caller.call(api, {}, ({ sdk }) =>
      sdk.cardkit.v1.card.create({ data: { type: 'card_json', data: JSON.stringify(card) } })
    )
    return { cardId: requiredText(dataOf(answer), 'card_id', api) }
  }

  async updateCard({ cardId, card, sequence }: CardChange & { card: CardJson }): Promise<void> {
    await this.caller.call('cardkit.card.update', { cardId }, ({ sdk }) =>
      sdk.cardkit.v1.card.update({
        path: { card_id: cardId },
        data: { card: { type: 'card_json', data: JSON.stringify(card) }, sequence }
      })
    )
  }

  async setCardText(input: CardChange & { elementId: string; text: string }): Promise<void> {
    const { cardId, elementId, text, sequence } = input
    await this.caller.call('cardkit.cardElement.content', { cardId }, ({ sdk }) =>
      sdk.cardkit.v1.cardElement.content({
        path: { card_id: cardId, element_id: elementId },
        data: { content: text, sequence }
      })
    )
  }

  async setCardConfig({ cardId, config, sequence }: CardChange & { config: CardJson }): Promise<void> {
    await this.caller.call('cardkit.card.settings', { cardId }, ({ sdk }) =>
      sdk.cardkit.v1.card.settings({
        path: { card_id: cardId },
        data: { settings: JSON.stringify({ config }), sequence }
      })
    )
  }

  async addReaction(input: { messageId: string; emoji: string }): Promise<{ reactionId: string }> {
    const api = 'im.messageReaction.create'
    const answer = await this.caller.call(api, {}, ({ sdk }) =>
      sdk.im.v1.messageReaction.create({
        path: { message_id: input.messageId },
        data: { reaction_type: { emoji_type: input.emoji } }
      })
    )
    return { reactionId: requiredText(dataOf(answer), 'reaction_id', api) }
  }

  async removeReaction(input: { messageId: string; reactionId: string }): Promise<void> {
    await this.caller.call('im.messageReaction.delete', {}, ({ sdk }) =>
      sdk.im.v1.messageReaction.delete({ path: { message_id: input.messageId, reaction_id: input.reactionId } })
    )
  }

  /** `bot` is at the top level of this answer, not under `data` (lark-platform 0.7). */
  async getBot(): Promise<BotIdentity> {
    const api = 'bot.info'
    const answer = await this.caller.call(api, {}, ({ sdk }) =>
      sdk.request<unknown>({ method: 'GET', url: '/open-apis/bot/v3/info' })
    )
    const bot = objectOf(objectOf(answer)['bot'])
    return {
      openId: requiredText(bot, 'open_id', api),
      name: textOf(bot['app_name']) ?? '',
      activateStatus: typeof bot['activate_status'] === 'number' ? bot['activate_status'] : 0
    }
  }
}
