import { isObject, objectOf, objectsOf, parseJson, stringOf, textOf } from '../../../src/shared'

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

describe('what is taken for granted of a value', () => {
  it('is an empty one where the value is something else', () => {
    expect([{ a: 1 }, [], null, 'a'].map(objectOf)).toEqual([{ a: 1 }, {}, {}, {}])
    expect([[{ a: 1 }, null, 'b', []], { a: 1 }, undefined].map(objectsOf)).toEqual([[{ a: 1 }], [], []])
    expect([' a ', 1, null].map(stringOf)).toEqual([' a ', '', ''])
  })
})

describe('parseJson', () => {
  it('gives undefined for what is no JSON', () => {
    expect([parseJson('{"a":1}'), parseJson('{'), parseJson('')]).toEqual([{ a: 1 }, undefined, undefined])
  })
})
