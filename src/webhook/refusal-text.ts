import { TextKey } from '../i18n'
import { WebhookRejection } from './webhook-rejected-error'

const TEXTS: Record<WebhookRejection | 'internal', TextKey> = {
  unknown_integration: 'refusedNotConfigured',
  not_configured: 'refusedNotConfigured',
  token: 'refusedToken',
  signature: 'refusedSignature',
  signature_missing: 'refusedUnsigned',
  timestamp: 'refusedTimestamp',
  undecryptable: 'refusedUndecryptable',
  encryption_required: 'refusedPlain',
  encrypt_key_missing: 'refusedEncrypted',
  verification_token_missing: 'refusedUnsignedCheck',
  wrong_mode: 'refusedMode',
  wrong_app: 'refusedApp',
  malformed: 'refusedMalformed',
  too_large: 'refusedTooLarge',
  unavailable: 'refusedUnavailable',
  internal: 'refusedInternal'
}

const isRefusal = (code: string): code is keyof typeof TEXTS => Object.hasOwn(TEXTS, code)

/** Why a call was refused, and what mends it; of a code that only a newer version knows, that this server made a mistake. */
export const refusalText = (code: string): TextKey => TEXTS[isRefusal(code) ? code : 'internal']
