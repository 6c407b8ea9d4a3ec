import { PluginError } from '../shared'

const STATUS = {
  unknown_integration: 404,
  wrong_mode: 403,
  not_configured: 403,
  encrypt_key_missing: 403,
  verification_token_missing: 403,
  encryption_required: 401,
  signature_missing: 401,
  signature: 401,
  timestamp: 401,
  undecryptable: 401,
  token: 401,
  wrong_app: 403,
  malformed: 400,
  too_large: 413,
  unavailable: 503
} as const

export type WebhookRejection = keyof typeof STATUS

/** The request is not accepted; `message` is short, names no secret and may be shown to whoever sent it. */
export class WebhookRejectedError extends PluginError<WebhookRejection> {
  constructor(code: WebhookRejection, message: string, cause?: unknown) {
    super(code, message, { cause })
  }

  get status(): number {
    return STATUS[this.code]
  }
}
