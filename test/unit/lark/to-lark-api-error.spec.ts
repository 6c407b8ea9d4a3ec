import { LarkApiError, LarkReaction } from '../../../src/lark'
import { LarkCallFailure } from '../../../src/lark/lark-http'
import { toLarkApiError } from '../../../src/lark/to-lark-api-error'

type Facts = ConstructorParameters<typeof LarkCallFailure>[1]

const errorOf = (facts: Partial<Facts>) =>
  toLarkApiError(new LarkCallFailure('failed', { isTokenCall: false, ...facts }), 'im.message.reply')

describe('the error of a call', () => {
  it.each<[string, Partial<Facts>, LarkReaction]>([
    ['nobody listens', { networkCode: 'ECONNREFUSED' }, 'retry'],
    ['the name is unknown', { networkCode: 'ENOTFOUND' }, 'retry'],
    ['the answer came too late', { networkCode: 'ECONNABORTED' }, 'unknown_outcome'],
    ['the connection broke', { networkCode: 'ECONNRESET' }, 'unknown_outcome'],
    ['the gateway failed', { httpStatus: 502 }, 'unknown_outcome'],
    ['the gateway failed with a code of its own', { httpStatus: 500, larkCode: 42 }, 'unknown_outcome'],
    ['a page came instead of an answer', { httpStatus: 200 }, 'unknown_outcome'],
    ['the rate limit was hit without a code', { httpStatus: 429 }, 'slow_down'],
    ['a proxy refuses the size', { httpStatus: 413 }, 'too_long'],
    ['the code is unknown', { httpStatus: 400, larkCode: 42 }, 'invalid_request'],
    ['the code is unknown and the status is 200', { httpStatus: 200, larkCode: 42 }, 'invalid_request'],
    ['no token came in time, so the call was never made', { networkCode: 'ECONNABORTED', isTokenCall: true }, 'retry']
  ])('when %s', (_name, facts, reaction) => {
    expect(errorOf(facts).code).toBe(reaction)
  })

  it.each<[number, LarkReaction]>([
    [400, 'step_down'],
    [200, 'step_down'],
    [500, 'unknown_outcome']
  ])('of a card entity with an unknown code and status %i lets a plainer form be tried: %s', (httpStatus, reaction) => {
    const failure = new LarkCallFailure('failed', { isTokenCall: false, larkCode: 42, httpStatus })
    expect(toLarkApiError(failure, 'cardkit.card.create').code).toBe(reaction)
  })

  it('carries what an admin needs', () => {
    const facts = {
      httpStatus: 400,
      larkCode: 99991672,
      larkMessage: 'scope missing',
      logId: 'log-1',
      retryAfterMs: 7_000
    }
    expect(errorOf(facts)).toMatchObject({ ...facts, api: 'im.message.reply', code: 'forbidden' })
  })

  it('stays itself, and takes anything else for a wrong request', () => {
    const known = new LarkApiError('retry', { api: 'x', larkCode: 0 })
    expect(toLarkApiError(known, 'y')).toBe(known)
    expect(toLarkApiError(new TypeError('request miss message_id path argument'), 'y').code).toBe('invalid_request')
  })
})
