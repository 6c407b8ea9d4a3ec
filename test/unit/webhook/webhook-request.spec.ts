import fc from 'fast-check'
import { LarkSettings } from '../../../src/settings'
import { WebhookRejectedError } from '../../../src/webhook'
import { checkRequest, isFromApp, WebhookRequest } from '../../../src/webhook/webhook-request'
import { larkFixture } from '../../support/lark-fixture'
import { encrypt, signatureHeaders } from '../../support/signed-request'

type Keys = Pick<LarkSettings, 'appId' | 'encryptKey' | 'verificationToken'>

const NOW = new Date('2026-03-01T12:00:00Z')
const HOUR_MS = 3_600_000
const KEY = 'test key'
const TOKEN_ONLY: Keys = { appId: 'cli_0123456789abcdef', verificationToken: 'vtok' }
const KEY_ONLY: Keys = { appId: 'cli_0123456789abcdef', encryptKey: KEY }
const BOTH: Keys = { ...TOKEN_ONLY, ...KEY_ONLY }

const plain = (body: unknown): WebhookRequest => ({ bytes: Buffer.from(JSON.stringify(body) ?? ''), body, headers: {} })

const encrypted = (content: unknown, how: { signedAt?: Date | null; key?: string } = {}): WebhookRequest => {
  const { signedAt = NOW, key = KEY } = how
  const request = plain({ encrypt: encrypt(content, key) })
  return signedAt ? { ...request, headers: signatureHeaders(request.bytes, key, signedAt) } : request
}

const outcome = (request: WebhookRequest, keys: Keys): string => {
  try {
    return checkRequest(request, keys, NOW).kind
  } catch (error) {
    if (error instanceof WebhookRejectedError) return `${error.status} ${error.code}`
    throw error
  }
}

const message = () => larkFixture('message-direct-text')
const challenge = () => larkFixture('url-verification')
const withToken = (token: unknown) => {
  const raw = message()
  return { ...raw, header: { ...(raw['header'] as object), token } }
}
const ofApp = (app_id: string) => {
  const raw = message()
  return { ...raw, header: { ...(raw['header'] as object), app_id } }
}

describe('a request that is not taken', () => {
  it.each<[string, WebhookRequest, Keys, boolean]>([
    ['names the app', plain(withToken('')), { appId: TOKEN_ONLY.appId }, true],
    ['has the token', plain({ ...challenge(), token: 'vtok' }), TOKEN_ONLY, true],
    ['can be decrypted', encrypted({ ...message(), header: message()['header'] }, { signedAt: null }), KEY_ONLY, true],
    ['is of another app and token', plain(ofApp('cli_other')), { appId: TOKEN_ONLY.appId }, false],
    ['has another token', plain({ ...challenge(), token: 'other' }), TOKEN_ONLY, false],
    ['is encrypted with another key', encrypted(message(), { key: 'other' }), KEY_ONLY, false],
    ['is encrypted where there is no key', encrypted(message()), TOKEN_ONLY, false],
    ['is nothing', plain(null), BOTH, false],
    ['is no event', plain({}), BOTH, false]
  ])('that %s', (_what, request, keys, isProven) => {
    expect(isFromApp(request, keys)).toBe(isProven)
  })
})

describe('a request without an Encrypt Key', () => {
  it.each<[string, unknown, string]>([
    ['an event', message(), 'event'],
    ['an event of the first version', larkFixture('legacy-p2p-chat-create'), 'event'],
    ['the URL challenge', challenge(), 'challenge'],
    ['another token', withToken('other'), '401 token'],
    ['an empty token', withToken(''), '401 token'],
    ['a token that is no text', withToken({}), '401 token'],
    ['a challenge with another token', { ...challenge(), token: 'other' }, '401 token'],
    ['an event of another app', ofApp('cli_ffffffffffffffff'), '403 wrong_app'],
    ['an encrypted body', { encrypt: encrypt(message(), KEY) }, '403 encrypt_key_missing'],
    ['a list', [], '400 malformed'],
    ['nothing', undefined, '400 malformed'],
    ['an empty object', {}, '400 malformed'],
    ['a header that is a text', { schema: '2.0', header: 'x', event: {} }, '400 malformed']
  ])('that carries %s: %#', (_name, body, expected) => {
    expect(outcome(plain(body), TOKEN_ONLY)).toBe(expected)
  })
})

describe('a request with an Encrypt Key', () => {
  it.each<[string, WebhookRequest, string]>([
    ['a signed event', encrypted(message()), 'event'],
    ['a signed challenge', encrypted(challenge()), 'challenge'],
    ['an unsigned challenge', encrypted(challenge(), { signedAt: null }), 'challenge'],
    [
      'an unsigned challenge with another token',
      encrypted({ ...challenge(), token: 'x' }, { signedAt: null }),
      '401 token'
    ],
    ['an unsigned event', encrypted(message(), { signedAt: null }), '401 signature_missing'],
    ['another key', encrypted(message(), { key: 'other' }), '401 signature'],
    ['a signed event with another token', encrypted(withToken('other')), '401 token'],
    ['a signed event of another app', encrypted(ofApp('cli_ffffffffffffffff')), '403 wrong_app'],
    [
      'an event of 7 h 59 min ago',
      encrypted(message(), { signedAt: new Date(NOW.getTime() - 7.98 * HOUR_MS) }),
      'event'
    ],
    ['an event of 9 h ago', encrypted(message(), { signedAt: new Date(NOW.getTime() - 9 * HOUR_MS) }), '401 timestamp'],
    ['an event in 4 min', encrypted(message(), { signedAt: new Date(NOW.getTime() + HOUR_MS / 15) }), 'event'],
    ['an event in 6 min', encrypted(message(), { signedAt: new Date(NOW.getTime() + HOUR_MS / 10) }), '401 timestamp'],
    ['a plain event', plain(message()), '401 encryption_required'],
    ['a plain challenge', plain(challenge()), '401 encryption_required'],
    ['garbage', plain({ encrypt: 'garbage!' }), '401 undecryptable'],
    ['an object to decrypt', plain({ encrypt: {} }), '401 undecryptable']
  ])('that carries %s: %#', (_name, request, expected) => {
    expect(outcome(request, BOTH)).toBe(expected)
  })

  it('is checked before anything is decrypted', () => {
    const request = encrypted(message())
    expect(outcome({ ...request, headers: { ...request.headers, 'x-lark-signature': 'f'.repeat(64) } }, BOTH)).toBe(
      '401 signature'
    )
  })

  it('is refused in its plain form even when that is signed', () => {
    const request = plain(message())
    expect(outcome({ ...request, headers: signatureHeaders(request.bytes, KEY, NOW) }, BOTH)).toBe(
      '401 encryption_required'
    )
  })

  it('is verified over the bytes on the wire, blanks included', () => {
    const body = { encrypt: encrypt(message(), KEY) }
    const bytes = Buffer.from(JSON.stringify(body, null, 2))
    expect(outcome({ body, bytes, headers: signatureHeaders(bytes, KEY, NOW) }, BOTH)).toBe('event')
  })

  it.each(['', 'soon', '-1', '1e99', '99999999999999'])('is refused with the time stamp "%s"', (timestamp) => {
    const request = encrypted(message())
    const headers = { ...request.headers, 'x-lark-request-timestamp': timestamp }
    expect(outcome({ ...request, headers }, BOTH)).toBe('401 signature')
  })

  it('needs no Verification Token for events, but for an unsigned challenge', () => {
    expect(outcome(encrypted(withToken('any')), KEY_ONLY)).toBe('event')
    expect(outcome(encrypted(challenge()), KEY_ONLY)).toBe('challenge')
    expect(outcome(encrypted(challenge(), { signedAt: null }), KEY_ONLY)).toBe('403 verification_token_missing')
  })
})

describe('any request', () => {
  it('is refused where neither a key nor a token is set', () => {
    expect(outcome(plain(message()), { appId: TOKEN_ONLY.appId })).toBe('403 not_configured')
    expect(outcome(plain(challenge()), { appId: TOKEN_ONLY.appId })).toBe('403 not_configured')
  })

  it('is answered or refused, whatever it carries', () => {
    const headers = fc.dictionary(
      fc.constantFrom('x-lark-signature', 'x-lark-request-timestamp', 'x-lark-request-nonce'),
      fc.oneof(fc.string(), fc.array(fc.string()))
    )
    const body = fc.oneof(fc.anything(), fc.record({ encrypt: fc.oneof(fc.anything(), fc.base64String()) }))
    fc.assert(
      fc.property(
        body,
        headers,
        fc.uint8Array(),
        fc.constantFrom(TOKEN_ONLY, KEY_ONLY, BOTH),
        (value, head, bytes, keys) => {
          expect(outcome({ body: value, headers: head, bytes: Buffer.from(bytes) }, keys)).toMatch(/^4\d\d /)
        }
      )
    )
  })
})
