import { createDecipheriv, createHash } from 'node:crypto'
import { encryptText, signBody, signLegacyCard } from '../../../playground/lark-simulator/push/encrypt-body'
import { decodeFrame, encodeFrame, headersOf } from '../../../playground/lark-simulator/push/frame-codec'

const KEY = 'test key'
const IV = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex')
const CHALLENGE = '{"challenge":"abc","token":"tok","type":"url_verification"}'
const CHALLENGE_CIPHER =
  'AAECAwQFBgcICQoLDA0OD6alpwIsMFbSsWTHppjb1mF1g3fSG1j6ixO5Wwk/tA9VD80LJtkVgGA/sICTcBkE4I3h4EEoG7JS2demHHi+NA0='
const EVENT =
  '{"schema":"2.0","header":{"event_id":"E1","event_type":"im.message.receive_v1","token":"tok"},"event":{}}'
const EVENT_CIPHER =
  'AAECAwQFBgcICQoLDA0ODzksK1XHDGhxTlKJKwLymcMyd1nZHD+oH9xjSv/KOaKKmVOLcgqwtemEruGR6YxsDy6sjE7sxS7TR9oMIaX7VXXm/E38RBwYq2QKbutlcW+TAPE1wmup3CpdO32oL+HM8Zqbc1suPDZm9zhtbNSjAJ8='

describe('the webhook wire format', () => {
  it('encrypts as published', () => {
    expect(encryptText(CHALLENGE, KEY, IV)).toBe(CHALLENGE_CIPHER)
    expect(encryptText(EVENT, KEY, IV)).toBe(EVENT_CIPHER)
  })

  it('can be read by the published decryption example', () => {
    const bytes = Buffer.from('P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=', 'base64')
    const decipher = createDecipheriv('aes-256-cbc', createHash('sha256').update(KEY).digest(), bytes.subarray(0, 16))
    const plain = Buffer.concat([decipher.update(bytes.subarray(16)), decipher.final()]).toString()
    expect(encryptText(plain, KEY, bytes.subarray(0, 16))).toBe(bytes.toString('base64'))
  })

  it('signs the bytes that are sent', () => {
    const stamp = { timestamp: '1700000000', nonce: 'nonce123', encryptKey: KEY }
    expect(signBody({ ...stamp, body: JSON.stringify({ encrypt: CHALLENGE_CIPHER }) })).toBe(
      '154b54d07fac8c6404614e6dbb6d3bc1db4bf30e56773270c18f3e27255125bd'
    )
    expect(signBody({ ...stamp, body: JSON.stringify({ encrypt: EVENT_CIPHER }) })).toBe(
      'b0538a3da19022e83245c073dba579931aaaef1fa8c687f1bad4de74487df292'
    )
    expect(
      signLegacyCard({ timestamp: '1700000000', nonce: 'nonce123', verificationToken: 'vtoken', body: '{"a":1}' })
    ).toBe('65220cc73699f4c5dfa7b5243873969b631b1b9d')
  })
})

describe('the frame codec', () => {
  const service = 33554678
  const hex = (frame: Parameters<typeof encodeFrame>[0]): string => encodeFrame(frame).toString('hex')

  it('writes pings and pongs', () => {
    expect(hex({ SeqID: 0, LogID: 0, service, method: 0, headers: headersOf({ type: 'ping' }) })).toBe(
      '0800100018f681801020002a0c0a0474797065120470696e67'
    )
    const config = '{"ReconnectCount":-1,"ReconnectInterval":120,"ReconnectNonce":30,"PingInterval":120}'
    expect(
      hex({
        SeqID: 0,
        LogID: 0,
        service,
        method: 0,
        headers: headersOf({ type: 'pong' }),
        payload: Buffer.from(config)
      })
    ).toBe(
      '0800100018f681801020002a0c0a04747970651204706f6e6742547b225265636f6e6e656374436f756e74223a2d312c225265636f6e6e656374496e74657276616c223a3132302c225265636f6e6e6563744e6f6e6365223a33302c2250696e67496e74657276616c223a3132307d'
    )
  })

  it('writes events and reads their acknowledgement', () => {
    const headers = headersOf({ type: 'event', message_id: 'm1', sum: '1', seq: '0', trace_id: 'tr' })
    const payload = Buffer.from('{"schema":"2.0","header":{"event_type":"t"},"event":{}}')
    expect(hex({ SeqID: 1, LogID: 2, service, method: 1, headers, payload })).toBe(
      '0801100218f681801020012a0d0a047479706512056576656e742a100a0a6d6573736167655f696412026d312a080a0373756d1201312a080a037365711201302a0e0a0874726163655f69641202747242377b22736368656d61223a22322e30222c22686561646572223a7b226576656e745f74797065223a2274227d2c226576656e74223a7b7d7d'
    )
    const ack = decodeFrame(
      Buffer.from(
        '0801100218f681801020012a0d0a047479706512056576656e742a100a0a6d6573736167655f696412026d312a080a0373756d1201312a080a037365711201302a0e0a0874726163655f6964120274722a0b0a0662697a5f7274120130420c7b22636f6465223a3230307d',
        'hex'
      )
    )
    expect(ack).toMatchObject({
      SeqID: 1,
      LogID: 2,
      service,
      method: 1,
      headers: [...headers, { key: 'biz_rt', value: '0' }]
    })
    expect(Buffer.from(ack.payload ?? []).toString()).toBe('{"code":200}')
  })

  it('refuses what is no frame', () => {
    expect(() => decodeFrame(Buffer.from('hello'))).toThrow()
  })
})
