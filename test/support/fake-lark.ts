import {
  BotIdentity,
  LarkApi,
  LarkApiError,
  LarkApis,
  LarkReaction,
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

export const larkError = (code: LarkReaction): LarkApiError =>
  new LarkApiError(code, { api: 'im.message.test', larkCode: 1 })

/** Keeps messages as Lark does, a repeated `uuid` included, and fails as the test says. */
export class FakeLark extends LarkApis implements LarkApi {
  readonly calls: LarkCall[] = []
  readonly shown = new Map<string, Record<string, unknown>>()
  private readonly byUuid = new Map<string, string>()
  private readonly faults: { matches: (call: LarkCall) => boolean; error: Error; times: number; after: boolean }[] = []

  for(): LarkApi {
    return this
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

  async countConnections(): Promise<number> {
    return 1
  }

  async botOf(): Promise<BotIdentity | null> {
    return null
  }

  getBot(): Promise<BotIdentity> {
    throw new Error('not part of this test')
  }

  addReaction(): Promise<{ reactionId: string }> {
    throw new Error('not part of this test')
  }

  removeReaction(): Promise<void> {
    throw new Error('not part of this test')
  }

  checkCredentials(): Promise<void> {
    throw new Error('not part of this test')
  }

  private create(call: LarkCall): Promise<SentMessage> {
    return this.carryOut(call, () => {
      const known = this.byUuid.get(call.uuid!)
      if (known) return { messageId: known, chatId: 'oc_1' }
      const messageId = `om_${this.shown.size + 1}`
      this.byUuid.set(call.uuid!, messageId)
      this.shown.set(messageId, call.content)
      return { messageId, chatId: 'oc_1' }
    })
  }

  private async carryOut<T>(call: LarkCall, work: () => T): Promise<T> {
    this.calls.push(call)
    const fault = this.faults.find(({ matches, times }) => times > 0 && matches(call))
    if (fault) fault.times -= 1
    if (fault && !fault.after) throw fault.error
    const result = work()
    if (fault) throw fault.error
    return result
  }
}
