import { containing } from '../../../src/directory/user.repository'

describe('containing', () => {
  it.each([
    ['Mei', '%Mei%'],
    ['100%', '%100\\%%'],
    ['a_b', '%a\\_b%'],
    ['a\\b', '%a\\\\b%'],
    ['', '%%']
  ])('looks for %j as it was typed: %j', (text, pattern) => {
    expect(containing(text)).toBe(pattern)
  })
})
