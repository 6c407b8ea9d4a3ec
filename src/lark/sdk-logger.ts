import { LoggerLevel } from '@larksuiteoapi/node-sdk'
import { Log } from '../shared'

/** The SDK takes level 0 for "not set" and logs everything (lark-platform trap 43). */
export const SDK_LOG_LEVEL = LoggerLevel.warn

const MAX_CHARS = 80

/** The constant beginning of the first sentences; what follows a colon are ids, bodies, tokens and tickets. */
const sentenceOf = (parts: unknown[]): string =>
  parts
    .flat(3)
    .filter((part): part is string => typeof part === 'string')
    .map((part) => part.split(/[:{]|https?|wss?:/)[0]?.trim() ?? '')
    .join(' ')
    .slice(0, MAX_CHARS)

/**
 * What the SDK may write into the host's log. It passes whole requests, with bodies and bearer tokens, to its logger
 * (trap 41), so only constant sentences get through, and as debug output: our own code reports every outcome.
 */
export class SdkLogger {
  private readonly log = new Log('sdk')

  readonly error = (...parts: unknown[]): void => this.write(parts)
  readonly warn = (...parts: unknown[]): void => this.write(parts)
  readonly info = (): void => undefined
  readonly debug = (): void => undefined
  readonly trace = (): void => undefined

  private write(parts: unknown[]): void {
    const sentence = sentenceOf(parts)
    if (sentence !== '') this.log.debug(sentence)
  }
}
