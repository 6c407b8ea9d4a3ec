import fc from 'fast-check'
import { deterministicUuid, isUuid } from '../../../src/shared'

describe('deterministicUuid', () => {
  it('is the same for the same parts, on every instance and for ever', () => {
    expect(deterministicUuid('reply', 'turn-1', 'card')).toBe(deterministicUuid('reply', 'turn-1', 'card'))
  })

  it('is a UUID, and another for other parts, however they are cut', () => {
    expect(deterministicUuid('ab', 'c')).not.toBe(deterministicUuid('a', 'bc'))
    fc.assert(
      fc.property(fc.array(fc.string()), (parts) => {
        expect(isUuid(deterministicUuid(...parts))).toBe(true)
      })
    )
  })
})

describe('isUuid', () => {
  it.each([
    '',
    'abc',
    '00000000-0000-0000-0000-00000000000',
    '00000000-0000-0000-0000-000000000000 ',
    `'; DROP TABLE x`
  ])('refuses %j', (value) => {
    expect(isUuid(value)).toBe(false)
  })
})
