import fc from 'fast-check'
import { DecryptionError, decryptJson, decryptText, sameSecret, verifySignature } from '../../../src/lark'
import { encrypt, signatureHeaders } from '../../support/signed-request'

// All values here are the vectors of Lark's documentation and of the fact sheet (lark-platform 1.5), not of our code.
const KEY = 'test key'
const CHALLENGE =
  'AAECAwQFBgcICQoLDA0OD6alpwIsMFbSsWTHppjb1mF1g3fSG1j6ixO5Wwk/tA9VD80LJtkVgGA/sICTcBkE4I3h4EEoG7JS2demHHi+NA0='
const EVENT =
  'AAECAwQFBgcICQoLDA0ODzksK1XHDGhxTlKJKwLymcMyd1nZHD+oH9xjSv/KOaKKmVOLcgqwtemEruGR6YxsDy6sjE7sxS7TR9oMIaX7VXXm/E38RBwYq2QKbutlcW+TAPE1wmup3CpdO32oL+HM8Zqbc1suPDZm9zhtbNSjAJ8='

const codeOf = (call: () => unknown): string => {
  try {
    call()
  } catch (error) {
    if (error instanceof DecryptionError) return error.code
    throw error
  }
  return 'no error'
}

describe('decryption', () => {
  it('opens the published example', () => {
    expect(decryptText('P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=', KEY)).toBe('hello world')
  })

  it('opens a challenge and an event', () => {
    expect(decryptJson(CHALLENGE, KEY)).toEqual({ challenge: 'abc', token: 'tok', type: 'url_verification' })
    expect(decryptJson(EVENT, KEY)).toMatchObject({ header: { event_id: 'E1' } })
  })

  it.each([
    ['nothing', undefined, 'not_base64'],
    ['an object', {}, 'not_base64'],
    ['an empty text', '', 'not_base64'],
    ['a text that is not base64', '%%%', 'not_base64'],
    ['too few bytes', 'AAEC', 'not_base64'],
    ['a truncated body', CHALLENGE.slice(0, 60), 'not_base64'],
    ['text that is no JSON', 'P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=', 'not_json']
  ])('refuses %s', (_name, encrypted, code) => {
    expect(codeOf(() => decryptJson(encrypted, KEY))).toBe(code)
  })

  it('refuses another key', () => {
    expect(['wrong_key', 'not_json']).toContain(codeOf(() => decryptJson(CHALLENGE, 'another key')))
  })

  it('gives back any JSON that was encrypted', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (value, key) => {
        expect(decryptJson(encrypt(value, key), key)).toEqual(JSON.parse(JSON.stringify(value)))
      })
    )
  })

  it('throws nothing but its own error when a part is cut off or a bit is another', () => {
    const whole = Buffer.from(EVENT, 'base64')
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(7), (at, bit) => {
        const changed = Buffer.from(whole)
        changed[at]! ^= 1 << bit
        codeOf(() => decryptJson(changed.toString('base64'), KEY))
        expect(codeOf(() => decryptJson(EVENT.slice(0, at), KEY))).not.toBe('no error')
      })
    )
  })

  it('throws nothing but its own error, whatever it is given', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          fc.base64String(),
          fc.uint8Array().map((b) => Buffer.from(b).toString('base64'))
        ),
        (value) => {
          codeOf(() => decryptJson(value, KEY))
        }
      )
    )
  })
})

describe('signature', () => {
  const signed = (encrypted: string, signature: string) => ({
    timestamp: '1700000000',
    nonce: 'nonce123',
    signature,
    body: Buffer.from(JSON.stringify({ encrypt: encrypted }))
  })

  it.each([
    ['a challenge', CHALLENGE, '154b54d07fac8c6404614e6dbb6d3bc1db4bf30e56773270c18f3e27255125bd'],
    ['an event', EVENT, 'b0538a3da19022e83245c073dba579931aaaef1fa8c687f1bad4de74487df292']
  ])('matches on %s', (_name, encrypted, signature) => {
    expect(verifySignature(signed(encrypted, signature), KEY)).toBe(true)
    expect(verifySignature(signed(encrypted, signature), 'another key')).toBe(false)
    expect(verifySignature({ ...signed(encrypted, signature), nonce: 'other' }, KEY)).toBe(false)
    expect(verifySignature(signed(encrypted, signature.slice(1)), KEY)).toBe(false)
  })

  it('is over the bytes, so that one blank more counts', () => {
    const body = Buffer.from(`{"encrypt": "${CHALLENGE}"}`)
    const request = signed(CHALLENGE, '154b54d07fac8c6404614e6dbb6d3bc1db4bf30e56773270c18f3e27255125bd')
    expect(verifySignature({ ...request, body }, KEY)).toBe(false)
  })
})

describe('any signature', () => {
  const bytes = fc.uint8Array().map((content) => Buffer.from(content))
  const signedRequest = (body: Buffer, key: string) => {
    const headers = signatureHeaders(body, key, new Date(1_700_000_000_000))
    return {
      timestamp: headers['x-lark-request-timestamp']!,
      nonce: headers['x-lark-request-nonce']!,
      signature: headers['x-lark-signature']!,
      body
    }
  }

  it('matches the bytes and the key that it was made with, and no others', () => {
    fc.assert(
      fc.property(bytes, bytes, fc.string(), fc.string(), (body, other, key, guess) => {
        const request = signedRequest(body, key)
        expect(verifySignature(request, key)).toBe(true)
        if (!other.equals(body)) expect(verifySignature({ ...request, body: other }, key)).toBe(false)
        if (guess !== key) expect(verifySignature(request, guess)).toBe(false)
      })
    )
  })

  it('that a stranger makes up does not match, and never throws', () => {
    const header = fc.oneof(fc.string(), fc.string({ unit: 'binary' }))
    fc.assert(
      fc.property(bytes, header, header, header, (body, timestamp, nonce, signature) => {
        expect(verifySignature({ timestamp, nonce, signature, body }, KEY)).toBe(false)
      })
    )
  })
})

describe('comparing secrets', () => {
  it('takes texts of any length', () => {
    expect(sameSecret('abc', 'abc')).toBe(true)
    expect(sameSecret('abc', 'abcd')).toBe(false)
    expect(sameSecret('', 'a')).toBe(false)
  })

  it('says of any two texts whether they are the same', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (one, other) => sameSecret(one, other) === (one === other)))
    fc.assert(fc.property(fc.string(), (one) => sameSecret(one, one)))
  })
})
