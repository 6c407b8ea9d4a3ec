import { failureFacts } from '../../../src/conversation/run-failure'

describe('what of a failed run is logged', () => {
  it.each([
    ['401 Incorrect API key provided: sk-secret', { status: '401' }],
    ['Request failed with status code 503', { status: '503' }],
    ['TimeoutError: Mei asked for 404 apples', { error: 'TimeoutError' }],
    ['Mei asked for 404 apples', {}]
  ])('of “%s” is its kind and its length', (sentence, kind) => {
    expect(failureFacts(sentence)).toEqual({ ...kind, length: sentence.length })
  })

  it('is no length where the host said nothing', () => {
    expect(failureFacts(null)).toEqual({ length: 0 })
  })
})
