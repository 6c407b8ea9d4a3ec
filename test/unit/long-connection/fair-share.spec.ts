import fc from 'fast-check'
import { ConnectionRow } from '../../../src/long-connection/connection-lease'
import { excessOf, fairShare, takeable } from '../../../src/long-connection/fair-share'

const row = (appKey: string, patch: Partial<ConnectionRow> = {}): ConnectionRow => ({
  appKey,
  tenantId: 't',
  organizationId: null,
  owner: 'other',
  leaseToken: 'token',
  isHeld: true,
  state: 'connected',
  desiredState: null,
  offered: null,
  reconnectAt: null,
  acceptedSecret: null,
  ...patch
})
const table = (...rows: ConnectionRow[]) => new Map(rows.map((one) => [one.appKey, one]))

describe('what an instance takes', () => {
  it('is what nobody holds, what was left by itself, and what its owner leaves, however much it has', () => {
    const rows = table(
      row('expired', { isHeld: false }),
      row('mine', { owner: 'me' }),
      row('stopping', { offered: 'stop' }),
      row('held')
    )
    const keys = ['new', 'expired', 'mine', 'stopping', 'held']
    expect(takeable(keys, rows, { held: 9, share: 1, me: 'me' })).toEqual(['new', 'expired', 'mine', 'stopping'])
  })

  it('is, of what is offered for balance, what is missing to its share', () => {
    const rows = table(...['a', 'b', 'c'].map((key) => row(key, { offered: 'balance' })))
    expect(takeable(['a', 'b', 'c'], rows, { held: 1, share: 3, me: 'me' })).toEqual(['a', 'b'])
    expect(takeable(['a', 'b', 'c', 'free'], rows, { held: 1, share: 3, me: 'me' })).toEqual(['free', 'a'])
    expect(takeable(['a', 'b', 'c'], rows, { held: 4, share: 3, me: 'me' })).toEqual([])
  })
})

describe('balance', () => {
  /** Every instance offers what it has too much, and takes what it may, in any order. */
  const settle = (holdings: string[][]): string[][] => {
    const apps = holdings.flat().length
    const share = fairShare(apps, holdings.length)
    let now = holdings.map((held) => [...held])
    for (let round = 0; round < 5; round += 1) {
      const offered = now.flatMap((held) => [...excessOf(held, share)])
      const rows = table(...now.flat().map((key) => row(key, offered.includes(key) ? { offered: 'balance' } : {})))
      for (const [index, held] of now.entries()) {
        const open = [...rows.keys()].filter((key) => !held.includes(key))
        const taken = takeable(open, rows, { held: held.length, share, me: String(index) })
        for (const key of taken) rows.set(key, row(key))
        now = now.map((other, at) =>
          at === index ? [...other, ...taken] : other.filter((key) => !taken.includes(key))
        )
      }
    }
    return now
  }

  it('leaves no instance with more than its share, and loses none, however they were spread', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(12), { minLength: 1, maxLength: 5 }), (sizes) => {
        const holdings = sizes.map((size, at) => Array.from({ length: size }, (_, index) => `${at}-${index}`))
        const after = settle(holdings)
        const share = fairShare(holdings.flat().length, holdings.length)
        expect(after.flat().sort()).toEqual(holdings.flat().sort())
        expect(Math.max(...after.map(({ length }) => length))).toBeLessThanOrEqual(share)
      })
    )
  })

  it('is five and five for ten apps on two instances', () => {
    const ten = Array.from({ length: 10 }, (_, index) => `app-${index}`)
    expect(settle([ten, []]).map(({ length }) => length)).toEqual([5, 5])
  })
})
