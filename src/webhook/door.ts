import { createHash } from 'node:crypto'
import { LarkSettings } from '../settings'

type Door = Pick<LarkSettings, 'appId' | 'connectionMode' | 'verificationToken' | 'encryptKey'>

/** What decides whether a request is taken, in a form that may be stored and compared: no secret can be read from it. */
export const doorOf = ({ appId, connectionMode, verificationToken, encryptKey }: Door): string =>
  createHash('sha256')
    .update(JSON.stringify([appId, connectionMode, verificationToken ?? null, encryptKey ?? null]))
    .digest('hex')
    .slice(0, 16)
