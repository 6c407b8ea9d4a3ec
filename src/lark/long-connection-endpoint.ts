import { HttpRequestOptions } from '@larksuiteoapi/node-sdk'
import { JsonObject, messageOf, objectOf, PluginError } from '../shared'
import { dataOf } from './answer'
import { LarkCallFailure, LarkHttp } from './lark-http'

export type EndpointLoss =
  { kind: 'endpoint'; code: number; message: string } | { kind: 'unreachable'; message: string }

/** Lark named no socket that can be opened. */
class EndpointAnswerError extends PluginError<'endpoint_answer'> {}

/** Seconds, the server's own default (lark-platform 2.2). */
const DEFAULT_PING_INTERVAL = 120

const isPositive = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value > 0

/** The retry figures do not matter, the client is closed before the SDK uses them; they must only be numbers. */
const clientConfigOf = (value: unknown): JsonObject => {
  const given = objectOf(value)['PingInterval']
  const PingInterval = isPositive(given) ? given : DEFAULT_PING_INTERVAL
  return { PingInterval, ReconnectCount: -1, ReconnectInterval: 120, ReconnectNonce: 30 }
}

const endpointOf = (answer: unknown): JsonObject => {
  const data = dataOf(answer)
  const URL = data['URL']
  if (typeof URL !== 'string' || !/^wss?:\/\//.test(URL)) {
    throw new EndpointAnswerError('endpoint_answer', 'the endpoint named no socket')
  }
  return { code: 0, msg: '', data: { URL, ClientConfig: clientConfigOf(data['ClientConfig']) } }
}

/** What the endpoint refused; null where it, or something before it, failed: the number in such an answer says nothing. */
export const endpointRefusal = (error: unknown): { code: number; message: string } | null => {
  const { larkCode, larkMessage, httpStatus = 0 } = error instanceof LarkCallFailure ? error.facts : {}
  return larkCode && httpStatus < 500 ? { code: larkCode, message: larkMessage ?? '' } : null
}

const lossOf = (error: unknown): EndpointLoss => {
  const refusal = endpointRefusal(error)
  if (refusal) return { kind: 'endpoint', ...refusal }
  return { kind: 'unreachable', message: messageOf(error) }
}

/**
 * Reads the endpoint's answer before the SDK does, which takes `data: null` for a reason to try for ever (trap 12), lets a
 * missing ping interval become a flood of pings (trap 17), and keeps the codes to itself.
 */
export class EndpointHttp extends LarkHttp {
  constructor(private readonly onLoss: (loss: EndpointLoss) => void) {
    super()
  }

  override async request<T, R = T, D = unknown>(options: HttpRequestOptions<D>): Promise<R> {
    try {
      const answer: unknown = endpointOf(await super.request<unknown, unknown, D>(options))
      return answer as R
    } catch (error) {
      this.onLoss(lossOf(error))
      throw error
    }
  }
}
