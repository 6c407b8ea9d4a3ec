import { recordOutput } from '../../playground/run-record'

/** jest runs this before each test file: what our own code writes inside a worker is output of the run too. */
for (const stream of [process.stdout, process.stderr]) {
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean
  stream.write = ((chunk: unknown, ...rest: unknown[]): boolean => {
    recordOutput(`jest-${process.pid}`, typeof chunk === 'string' ? chunk : '')
    return write(chunk, ...rest)
  }) as typeof stream.write
}
