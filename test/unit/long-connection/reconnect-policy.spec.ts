import { ConnectionLoss } from '../../../src/lark'
import { isRefusal, needsAdmin, reasonOf, reconnectDelayMs } from '../../../src/long-connection/reconnect-policy'

const endpoint = (code: number): ConnectionLoss => ({ kind: 'endpoint', code, message: '' })

describe('the wait before the next attempt', () => {
  it('doubles from one second to a minute, spread over its second half', () => {
    const waits = [0, 1, 2, 3, 4, 5, 6, 7, 50].map((failures) => [
      reconnectDelayMs({ kind: 'closed' }, failures, () => 0),
      reconnectDelayMs({ kind: 'closed' }, failures, () => 1)
    ])
    expect(waits).toEqual([
      [500, 1_000],
      [1_000, 2_000],
      [2_000, 4_000],
      [4_000, 8_000],
      [8_000, 16_000],
      [16_000, 32_000],
      [30_000, 60_000],
      [30_000, 60_000],
      [30_000, 60_000]
    ])
  })

  it.each([403, 514, 1000040350, 1000040351])('is five minutes after code %i, which only an admin can mend', (code) => {
    expect(needsAdmin(endpoint(code))).toBe(true)
    expect(reconnectDelayMs(endpoint(code), 0, () => 0)).toBe(300_000)
  })

  it.each([1, 1000040343, 42])('is short after code %i, which the Go SDK retries or nobody knows', (code) => {
    expect(needsAdmin(endpoint(code))).toBe(false)
    expect(reconnectDelayMs(endpoint(code), 0, () => 1)).toBe(1_000)
  })
})

describe('why there is no connection', () => {
  it.each([
    ['514', 'credentials'],
    ['1000040346', 'credentials'],
    ['403', 'forbidden'],
    ['1000040350', 'connectionLimit'],
    ['1000040351', 'wrongRegion'],
    ['app_id', 'appId'],
    ['handshake', 'handshake'],
    ['closed', 'closed'],
    ['unreachable', 'unreachable'],
    ['1', 'other']
  ])('%s is said as %s', (code, reason) => expect(reasonOf(code)).toBe(reason))

  it('is the secret only where Lark refuses the credentials', () => {
    expect([endpoint(514), endpoint(403), endpoint(1000040350)].map(isRefusal)).toEqual([true, false, false])
    expect(isRefusal({ kind: 'closed' })).toBe(false)
  })
})
