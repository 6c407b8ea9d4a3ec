import { isTerminal } from '../../src/conversation/followed-run'
import type { RunCallback } from '../../src/host'

/** The plugin's own rhythm while an answer grows; the last text waits only for Lark, which takes five a second of one message. */
const GROW_MS = 1_000
const LAST_MS = 200

/** What the loop says to Lark: cards of one app, by bare HTTP. */
export class LoopCards {
  private constructor(
    private readonly url: string,
    private readonly token: string
  ) {}

  static async of(url: string, app: { appId: string; appSecret: string }): Promise<LoopCards> {
    const body = JSON.stringify({ app_id: app.appId, app_secret: app.appSecret })
    const headers = { 'content-type': 'application/json' }
    const path = `${url}/open-apis/auth/v3/tenant_access_token/internal`
    const answer = await fetch(path, { method: 'POST', headers, body })
    return new LoopCards(url, ((await answer.json()) as { tenant_access_token: string }).tenant_access_token)
  }

  async send(chatId: string, text: string): Promise<string> {
    const sent = await this.call('POST', '?receive_id_type=chat_id', {
      receive_id: chatId,
      msg_type: 'interactive',
      content: card(text)
    })
    return sent['message_id']!
  }

  async patch(messageId: string, text: string): Promise<void> {
    await this.call('PATCH', `/${messageId}`, { content: card(text) })
  }

  private async call(method: string, path: string, body: object): Promise<Record<string, string>> {
    const answer = await fetch(`${this.url}/open-apis/im/v1/messages${path}`, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.token}` },
      body: JSON.stringify(body)
    })
    const { code, msg, data } = (await answer.json()) as { code: number; msg: string; data?: Record<string, string> }
    if (code !== 0) throw new Error(`Lark refused the loop's ${method}: ${code} ${msg}`)
    return data ?? {}
  }
}

const card = (content: string): string =>
  JSON.stringify({
    schema: '2.0',
    config: { update_multi: true },
    body: { elements: [{ tag: 'markdown', content }] }
  })

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * One answer of the loop: what comes is added to a text in whatever order, and the text is patched into a card, one call at
 * a time. Nothing is stored.
 */
export class LoopAnswer {
  events = 0
  /** Resolves when the whole text is shown. */
  readonly shown: Promise<void>
  private text = ''
  private last = Number.POSITIVE_INFINITY
  private isComplete!: () => void
  private readonly complete = new Promise<void>((resolve) => (this.isComplete = resolve))
  private begin!: () => void

  constructor(
    private readonly cards: LoopCards,
    private readonly chatId: string
  ) {
    this.shown = new Promise<void>((resolve) => (this.begin = resolve)).then(() => this.show())
  }

  hear({ sequence, signal }: RunCallback): void {
    this.events += 1
    if (signal.type === 'text') this.text += signal.text
    if (isTerminal(signal)) this.last = sequence
    if (this.events === this.last) this.isComplete()
    if (this.text !== '') this.begin()
  }

  private async show(): Promise<void> {
    let shown = this.text
    const messageId = await this.cards.send(this.chatId, shown)
    for (;;) {
      await Promise.race([pause(GROW_MS), this.complete.then(() => pause(LAST_MS))])
      const isLast = this.events === this.last
      if (!isLast && this.text === shown) continue
      shown = this.text
      await this.cards.patch(messageId, shown)
      if (isLast) return
    }
  }
}
