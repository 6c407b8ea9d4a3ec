import { Injectable } from '@nestjs/common'
import { currentCaller } from '../host'
import { Language, say } from '../i18n'
import { AppInspections, appKeyOf, ConnectionLoss, LongConnectionClients } from '../lark'
import { causeOf, ConnectionStatus, ConnectionStatuses, lossSentence } from '../long-connection'
import { LarkSettings } from '../settings'
import { Clock } from '../shared'

export interface Probe {
  connected: boolean
  state: string
  lastError: string | null
  /** Epoch milliseconds. */
  checkedAt: number
}

const HANDSHAKE_LIMIT_MS = 5_000

type Result = Omit<Probe, 'checkedAt'>

/**
 * Whether the long connection works, without taking an event from it: Lark gives each one to a random connection of the
 * app. So a connection that runs is asked about and never doubled, a saved integration at most asks the endpoint, and the
 * short socket of one that is not saved acknowledges nothing: Lark delivers again what it got.
 */
@Injectable()
export class ConnectionProbe {
  constructor(
    private readonly statuses: ConnectionStatuses,
    private readonly inspections: AppInspections,
    private readonly clients: LongConnectionClients,
    private readonly clock: Clock
  ) {}

  async of(settings: LarkSettings, isSaved: boolean, language: Language): Promise<Probe> {
    const status = await this.statuses.seenBy(appKeyOf(settings), currentCaller())
    const result = await this.resultOf(settings, status, isSaved, language)
    return { ...result, checkedAt: this.clock.now().getTime() }
  }

  private resultOf(
    settings: LarkSettings,
    status: ConnectionStatus | null,
    isSaved: boolean,
    language: Language
  ): Promise<Result> | Result {
    if (status?.desiredState === 'disconnected')
      return { connected: false, state: 'disconnected', lastError: say('connectionDisconnected', language) }
    if (status && status.state !== 'closed') return running(status, language)
    return isSaved ? this.askEndpoint(settings, status, language) : this.shakeHands(settings, language)
  }

  private async askEndpoint(
    settings: LarkSettings,
    status: ConnectionStatus | null,
    language: Language
  ): Promise<Result> {
    const answer = await this.inspections.for(settings).endpoint()
    const told = answer && !answer.ok ? lossSentence(String(answer.code), language) : null
    return { connected: false, state: 'closed', lastError: told ?? (status ? lastErrorOf(status, language) : null) }
  }

  private async shakeHands(settings: LarkSettings, language: Language): Promise<Result> {
    const failed = (lastError: string): Result => ({ connected: false, state: 'failed', lastError })
    let end: (result: Result) => void = () => undefined
    const ended = new Promise<Result>((resolve) => (end = resolve))
    const client = this.clients.create(settings, {
      onReady: () => end({ connected: true, state: 'connected', lastError: null }),
      onLost: (loss) => end(failed(describe(loss, language))),
      onFrame: () => undefined,
      onEvent: () => new Promise<never>(() => undefined)
    })
    const timer = setTimeout(() => {
      end(failed(say('probeTimedOut', language, { seconds: String(HANDSHAKE_LIMIT_MS / 1000) })))
    }, HANDSHAKE_LIMIT_MS)
    try {
      client.start()
      return await ended
    } finally {
      clearTimeout(timer)
      client.close()
    }
  }
}

const lastErrorOf = (status: ConnectionStatus, language: Language): string | null => {
  const cause = causeOf(status)
  return cause ? lossSentence(cause.code, language) : null
}

const running = (status: ConnectionStatus, language: Language): Result => {
  const connected = status.state === 'connected'
  return { connected, state: status.state, lastError: connected ? null : lastErrorOf(status, language) }
}

const describe = (loss: ConnectionLoss, language: Language): string =>
  lossSentence(loss.kind === 'endpoint' ? String(loss.code) : loss.kind, language)
