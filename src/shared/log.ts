import { Logger } from '@nestjs/common'
import { messageOf, PluginError } from './plugin-error'

export type Facts = Record<string, string | number | boolean | null | undefined>

/** Behind what it was: the end of each line that says that nobody was answered. The one pattern to alarm on. */
export const ENDED_AS_FAILED = 'ended as failed'

/** A room's logger: a constant sentence plus ids. Texts, tokens and secrets have no way in by accident. */
export class Log {
  private readonly logger: Logger

  constructor(room: string) {
    this.logger = new Logger(`Lark:${room}`)
  }

  debug(sentence: string, facts: Facts = {}, error?: unknown): void {
    this.logger.debug(line(sentence, { ...facts, ...describe(error) }))
  }

  info(sentence: string, facts: Facts = {}): void {
    this.logger.log(line(sentence, facts))
  }

  warn(sentence: string, facts: Facts = {}, error?: unknown): void {
    this.logger.warn(line(sentence, { ...facts, ...describe(error) }))
  }

  error(sentence: string, facts: Facts = {}, error?: unknown): void {
    this.logger.error(line(sentence, { ...facts, ...describe(error) }))
  }
}

const describe = (error: unknown): Facts => {
  if (error === undefined) return {}
  if (error instanceof PluginError) return { error: error.message, code: error.code, ...error.details }
  return { error: messageOf(error) }
}

const line = (sentence: string, facts: Facts): string => {
  const pairs = Object.entries(facts).filter(([, value]) => value !== undefined)
  return pairs.length === 0
    ? sentence
    : `${sentence} ${pairs.map(([key, value]) => `${key}=${String(value)}`).join(' ')}`
}
