import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SECRETS_FILE } from '../../playground/run-record'

/** Put into the secrets and into the output on purpose: a check that does not find it finds nothing. */
export const PLANTED = 'planted-secret-3f9a61c7'

export interface Leak {
  file: string
  /** The line, without the secret. */
  line: string
}

/** A tenant access token of Lark's, wherever it came from. */
const TOKEN = /\bt-[0-9a-zA-Z]{20,}/

const linesOf = (path: string): string[] => readFileSync(path, 'utf8').split('\n')

/** Where a secret of the run stands in its output; the planted one is told apart. */
export const findLeaks = (folder: string): { planted: Leak[]; leaks: Leak[] } => {
  const files = readdirSync(folder)
  const secrets = files.includes(SECRETS_FILE)
    ? [...new Set(linesOf(join(folder, SECRETS_FILE)))].filter((secret) => secret !== '')
    : []
  const found = files
    .filter((file) => file.endsWith('.log'))
    .flatMap((file) =>
      linesOf(join(folder, file)).flatMap((line) => {
        const secret = secrets.find((one) => line.includes(one)) ?? TOKEN.exec(line)?.[0]
        return secret ? [{ file, secret, line: line.replaceAll(secret, '***').slice(0, 300) }] : []
      })
    )
  const leak = ({ file, line }: Leak): Leak => ({ file, line })
  return {
    planted: found.filter(({ secret }) => secret === PLANTED).map(leak),
    leaks: found.filter(({ secret }) => secret !== PLANTED).map(leak)
  }
}
