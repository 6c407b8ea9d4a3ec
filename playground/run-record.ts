import { appendFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * With PLAYGROUND_RECORD naming a folder, everything that hosts and simulators write or answer goes to files there, and
 * every secret that they were given to one more: whoever started the run then looks for the one in the other.
 */
const folder = (): string | undefined => process.env.PLAYGROUND_RECORD || undefined

export const SECRETS_FILE = 'secrets'
/** A shorter one would be found in ordinary words. */
const SHORTEST_SECRET = 8

export const recordOutput = (name: string, text: string): void => {
  const dir = folder()
  if (dir) appendFileSync(join(dir, `${name}.log`), `${text}\n`)
}

const SECRET_KEYS = ['appSecret', 'verificationToken', 'encryptKey'] as const

/** The secrets in an app's description or an integration's options. */
export const recordSecretsOf = (holder: unknown): void => {
  const dir = folder()
  if (!dir || typeof holder !== 'object' || holder === null) return
  for (const key of SECRET_KEYS) {
    const value: unknown = Reflect.get(holder, key)
    if (typeof value === 'string' && value.trim().length >= SHORTEST_SECRET)
      appendFileSync(join(dir, SECRETS_FILE), `${value.trim()}\n`)
  }
}
