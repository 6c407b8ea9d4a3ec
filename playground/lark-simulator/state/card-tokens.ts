import { newCardToken } from './ids'

const LIFETIME_MS = 30 * 60_000
const USES = 2

interface CardToken {
  appId: string
  messageId: string
  issuedAt: number
  answered: boolean
  uses: number
}

/** The `c-...` tokens of card callbacks, for updates after the answer. */
export class CardTokens {
  private readonly tokens = new Map<string, CardToken>()

  issue(appId: string, messageId: string, now: number): string {
    const token = newCardToken()
    this.tokens.set(token, { appId, messageId, issuedAt: now, answered: false, uses: 0 })
    return token
  }

  /** The callback was answered; only now the token may be used. */
  answered(token: string): void {
    const known = this.tokens.get(token)
    if (known) known.answered = true
  }

  /** The message to update; undefined when the token is unknown, too early, too old or used up. */
  use(token: string, appId: string, now: number): string | undefined {
    const known = this.tokens.get(token)
    if (!known || known.appId !== appId || !known.answered) return undefined
    if (now - known.issuedAt >= LIFETIME_MS || known.uses >= USES) return undefined
    known.uses += 1
    return known.messageId
  }
}
