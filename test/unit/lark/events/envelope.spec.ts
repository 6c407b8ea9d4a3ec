import fc from 'fast-check'
import { EventInvalidError, parseEnvelope, readChallenge } from '../../../../src/lark'
import { timeOf } from '../../../../src/lark/events/envelope'
import { larkFixture } from '../../../support/lark-fixture'

const codeOf = (value: unknown): string => {
  try {
    parseEnvelope(value)
  } catch (error) {
    if (error instanceof EventInvalidError) return error.code
    throw error
  }
  return 'no error'
}

describe('an envelope', () => {
  it('is read in the second version', () => {
    expect(parseEnvelope(larkFixture('message-group-mention'))).toMatchObject({
      eventId: '5e3702a84e847582be8db7fb73283c02',
      eventType: 'im.message.receive_v1',
      appId: 'cli_0123456789abcdef',
      token: 'vtok',
      createTime: new Date(1_700_000_000_123)
    })
  })

  it('is read in the first version', () => {
    expect(parseEnvelope(larkFixture('legacy-p2p-chat-create'))).toMatchObject({
      eventId: 'bc447199585340d1f3728d26b1c0297a',
      eventType: 'p2p_chat_create',
      appId: 'cli_0123456789abcdef',
      token: 'vtok',
      createTime: new Date(1_700_000_000_717)
    })
  })

  it('keeps the token of the header apart from the token of a click', () => {
    expect(parseEnvelope(larkFixture('card-action'))).toMatchObject({
      token: 'vtok',
      event: { token: expect.stringMatching(/^c-/) }
    })
  })

  it.each([
    ['nothing', undefined, 'envelope'],
    ['a list', [], 'envelope'],
    ['an empty object', {}, 'envelope'],
    ['a header that is a text', { schema: '2.0', header: 'x', event: {} }, 'envelope'],
    ['no event', { schema: '2.0', header: { event_id: '1', event_type: 't', app_id: 'a' } }, 'event'],
    ['no event id', { schema: '2.0', header: { event_type: 't', app_id: 'a' }, event: {} }, 'event_id'],
    [
      'an event id that is a number',
      { schema: '2.0', header: { event_id: 1, event_type: 't', app_id: 'a' }, event: {} },
      'event_id'
    ],
    [
      'an endless event id',
      { schema: '2.0', header: { event_id: 'x'.repeat(201), event_type: 't', app_id: 'a' }, event: {} },
      'event_id'
    ],
    ['no type', { schema: '2.0', header: { event_id: '1', app_id: 'a' }, event: {} }, 'event_type'],
    ['no app', { schema: '2.0', header: { event_id: '1', event_type: 't' }, event: {} }, 'app_id']
  ])('with %s is refused by name', (_name, value, code) => {
    expect(codeOf(value)).toBe(code)
  })

  it('throws nothing but its own error, whatever it is given', () => {
    const header = fc.record(
      { event_id: fc.anything(), event_type: fc.anything(), app_id: fc.anything() },
      { requiredKeys: [] }
    )
    const nearly = fc.record(
      { schema: fc.anything(), header: fc.oneof(fc.anything(), header), event: fc.anything() },
      { requiredKeys: [] }
    )
    fc.assert(fc.property(fc.oneof(fc.anything(), nearly), (value) => void codeOf(value)))
  })
})

describe('the times of Lark', () => {
  it.each([
    ['seconds', '1700000000', 1_700_000_000_000],
    ['seconds with a fraction', '1700000000.5', 1_700_000_000_500],
    ['milliseconds', '1700000000123', 1_700_000_000_123],
    ['microseconds', '1700000000123456', 1_700_000_000_123],
    ['a number', 1_700_000_000, 1_700_000_000_000],
    ['what no calendar has', '9e99', 0],
    ['what no calendar has any more', 8.64e18 + 1e6, 0],
    ['nonsense', 'soon', 0],
    ['nothing', undefined, 0]
  ])('in %s are understood', (_name, value, expected) => {
    expect(timeOf(value).getTime()).toBe(expected)
  })
})

describe('a challenge', () => {
  it('is told from everything else', () => {
    expect(readChallenge(larkFixture('url-verification'))).toEqual({ challenge: 'abc', token: 'vtok' })
    expect(readChallenge(larkFixture('message-direct-text'))).toBeNull()
    expect(readChallenge({ type: 'url_verification', challenge: 1 })).toBeNull()
    expect(readChallenge(null)).toBeNull()
  })
})
