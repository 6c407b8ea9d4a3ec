import 'reflect-metadata'
// The package's index takes three times as long, and this runs before each file.
import { Logger, LoggerService } from '@nestjs/common/services/logger.service'
import { recordOutput } from '../../playground/run-record'

/** jest runs this before each test file: what our own code writes or logs inside a worker is output of the run too. */
const file = `jest-${process.pid}`

for (const stream of [process.stdout, process.stderr]) {
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean
  stream.write = ((chunk: unknown, ...rest: unknown[]): boolean => {
    recordOutput(file, typeof chunk === 'string' ? chunk : '')
    return write(chunk, ...rest)
  }) as typeof stream.write
}

/** Turns that fail on purpose are logged as errors: on the console of a green run they look like faults. */
const recordAs =
  (level: string) =>
  (...said: unknown[]): void =>
    recordOutput(file, `${level} ${said.map(String).join(' ')}`)

Logger.overrideLogger({
  fatal: recordAs('FATAL'),
  error: recordAs('ERROR'),
  warn: recordAs('WARN'),
  log: recordAs('LOG'),
  debug: recordAs('DEBUG'),
  verbose: recordAs('VERBOSE')
} satisfies LoggerService)
