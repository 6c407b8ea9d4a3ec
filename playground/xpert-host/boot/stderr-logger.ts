import { ConsoleLogger, type LogLevel } from '@nestjs/common'

const LEVELS: LogLevel[] = ['verbose', 'debug', 'log', 'warn', 'error', 'fatal']

/** Nest's logger on stderr only: stdout carries nothing but the line that says the host is ready. */
export class StderrLogger extends ConsoleLogger {
  constructor(level: string, instance: string) {
    const first = LEVELS.indexOf(level as LogLevel)
    super({ logLevels: LEVELS.slice(first < 0 ? LEVELS.indexOf('log') : first), colors: false, prefix: instance })
  }

  protected override printMessages(messages: unknown[], context?: string, level?: LogLevel): void {
    super.printMessages(messages, context, level, 'stderr')
  }
}
