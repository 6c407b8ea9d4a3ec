import {
  BotIdentity,
  CallUrgency,
  LarkApi,
  LarkApiError,
  LarkApis,
  LarkApp,
  LarkReaction,
  CardJson,
  OutgoingMessage,
  SentMessage
} from '../../src/lark'

export interface LarkCall {
  name: string
  messageId?: string
  receiveId?: string
  uuid?: string
  msgType?: string
  /** What would be shown: a card or a text. */
  content: Record<string, unknown>
}

export const larkError = (code: LarkReaction, api = 'im.message.test'): LarkApiError =>
  new LarkApiError(code, { api, larkCode: 1 })

interface Entity {
  card: CardJson
  sequence: number
  messageId?: string
}

/** Keeps messages as Lark does, a repeated `uuid` included, and fails as the test says. */
export class FakeLark extends LarkApis implements LarkApi {
  readonly calls: LarkCall[] = []
  readonly shown = new Map<string, Record<string, unknown>>()
  readonly entities = new Map<string, Entity>()
  readonly reactions = new Set<string>()
  scopes: ReadonlySet<string> | null = new Set()
  private readonly mayCall?: () => Promise<void>
  private readonly byUuid = new Map<string, string>()
  private readonly faults: { matches: (call: LarkCall) => boolean; error: Error; times: number; after: boolean }[] = []

  for(_app?: LarkApp, _urgency?: CallUrgency, mayCall?: () => Promise<void>): LarkApi {
    return mayCall ? Object.assign(Object.create(this) as FakeLark, { mayCall }) : this
  }

  /** `after`: the work is done and only the answer is lost. */
  fail(matches: (call: LarkCall) => boolean, error: Error, { times = Infinity, after = false } = {}): void {
    this.faults.push({ matches, error, times, after })
  }

  names(): string[] {
    return this.calls.map(({ name }) => name)
  }

  replyMessage(input: OutgoingMessage & { messageId: string }): Promise<SentMessage> {
    return this.create({ ...input, name: 'reply' })
  }

  sendMessage(input: OutgoingMessage & { receiveId: string }): Promise<SentMessage> {
    return this.create({ ...input, name: 'send' })
  }

  patchCard({ messageId, card }: { messageId: string; card: Record<string, unknown> }): Promise<void> {
    return this.carryOut({ name: 'patch', messageId, content: card }, () => {
      this.shown.set(messageId, card)
    })
  }

  async botOf(): Promise<BotIdentity | null> {
    return null
  }

  getBot(): Promise<BotIdentity> {
    throw new Error('not part of this test')
  }

  async scopesOf(): Promise<ReadonlySet<string> | null> {
    return this.scopes
  }

  frameDelayMs(): number {
    return 0
  }

  recallMessage({ messageId }: { messageId: string }): Promise<void> {
    return this.carryOut({ name: 'recall', messageId, content: {} }, () => {
      this.shown.delete(messageId)
    })
  }

  createCard({ card }: { card: CardJson }): Promise<{ cardId: string }> {
    return this.carryOut({ name: 'createCard', content: card }, () => {
      const cardId = `card_${this.entities.size + 1}`
      this.entities.set(cardId, { card, sequence: 0 })
      return { cardId }
    })
  }

  updateCard(input: { cardId: string; card: CardJson; sequence: number }): Promise<void> {
    return this.operate('updateCard', input, () => input.card)
  }

  setCardText(input: { cardId: string; elementId: string; text: string; sequence: number }): Promise<void> {
    return this.operate('setCardText', input, (card) => {
      const { elements } = card['body'] as { elements: CardJson[] }
      const changed = elements.map((element) =>
        element['element_id'] === input.elementId ? { ...element, content: input.text } : element
      )
      return { ...card, body: { elements: changed } }
    })
  }

  setCardConfig(input: { cardId: string; config: CardJson; sequence: number }): Promise<void> {
    return this.operate('setCardConfig', input, (card) => ({
      ...card,
      config: { ...(card['config'] as CardJson), ...input.config }
    }))
  }

  addReaction({ messageId }: { messageId: string }): Promise<{ reactionId: string }> {
    return this.carryOut({ name: 'addReaction', messageId, content: {} }, () => {
      this.reactions.add('reaction')
      return { reactionId: 'reaction' }
    })
  }

  removeReaction({ messageId, reactionId }: { messageId: string; reactionId: string }): Promise<void> {
    return this.carryOut({ name: 'removeReaction', messageId, content: {} }, () => {
      this.reactions.delete(reactionId)
    })
  }

  private create(call: LarkCall): Promise<SentMessage> {
    return this.carryOut(call, () => {
      const known = this.byUuid.get(call.uuid!)
      if (known) return { messageId: known, chatId: 'oc_1' }
      const messageId = `om_${this.byUuid.size + 1}`
      this.byUuid.set(call.uuid!, messageId)
      this.show(messageId, call.content)
      return { messageId, chatId: 'oc_1' }
    })
  }

  private show(messageId: string, content: Record<string, unknown>): void {
    const cardId = (content['data'] as { card_id?: string } | undefined)?.card_id
    const entity = cardId === undefined ? undefined : this.entities.get(cardId)
    if (entity) entity.messageId = messageId
    this.shown.set(messageId, entity?.card ?? content)
  }

  private operate(
    name: string,
    { cardId, sequence }: { cardId: string; sequence: number },
    change: (card: CardJson) => CardJson
  ): Promise<void> {
    return this.carryOut({ name, content: {} }, () => {
      const entity = this.entities.get(cardId)!
      if (sequence <= entity.sequence) throw larkError('sequence', 'cardkit.card.test')
      entity.sequence = sequence
      entity.card = change(entity.card)
      if (entity.messageId) this.shown.set(entity.messageId, entity.card)
    })
  }

  private async carryOut<T>(call: LarkCall, work: () => T): Promise<T> {
    await this.mayCall?.()
    this.calls.push(call)
    const fault = this.faults.find(({ matches, times }) => times > 0 && matches(call))
    if (fault) fault.times -= 1
    if (fault && !fault.after) throw fault.error
    const result = work()
    if (fault) throw fault.error
    return result
  }
}
