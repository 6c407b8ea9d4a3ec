import { isObject, parseJson, textOf } from '../../../src/shared'

describe('textOf', () => {
  it.each([
    [' a ', 'a'],
    ['', undefined],
    [' \n', undefined],
    [42, undefined],
    [null, undefined],
    [['a'], undefined]
  ])('of %j', (value, text) => {
    expect(textOf(value)).toBe(text)
  })
})

describe('isObject', () => {
  it.each([
    [{}, true],
    [[], false],
    [null, false],
    ['a', false],
    [undefined, false]
  ])('of %j', (value, is) => {
    expect(isObject(value)).toBe(is)
  })
})

describe('parseJson', () => {
  it('gives undefined for what is no JSON', () => {
    expect([parseJson('{"a":1}'), parseJson('{'), parseJson('')]).toEqual([{ a: 1 }, undefined, undefined])
  })
})
