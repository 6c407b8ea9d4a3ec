import fc from 'fast-check'
import {
  EventInvalidError,
  isFromOutside,
  mentionsBot,
  parseCardAction,
  parseMessageEvent,
  parseRecalledEvent
} from '../../../../src/lark'
import { larkFixture } from '../../../support/lark-fixture'

const withMessage = (patch: object) => {
  const raw = larkFixture('message-direct-text')
  const event = raw['event'] as { sender: object; message: object }
  return { ...raw, event: { ...event, message: { ...event.message, ...patch } } }
}

describe('a message event', () => {
  it('is read whole', () => {
    expect(parseMessageEvent(larkFixture('message-group-mention'))).toEqual({
      eventId: '5e3702a84e847582be8db7fb73283c02',
      appId: 'cli_0123456789abcdef',
      tenantKey: 't0000000000000001',
      messageId: 'om_1',
      rootId: 'om_0',
      parentId: 'om_0',
      threadId: 'omt_1',
      chatId: 'oc_1',
      chatType: 'group',
      messageType: 'text',
      content: '{"text":"@_user_1 hello"}',
      mentions: [{ key: '@_user_1', openId: 'ou_bot', name: 'Bot', isBot: true }],
      mentionsAll: false,
      sender: { openId: 'ou_1', unionId: 'on_1', type: 'user', tenantKey: 't0000000000000001' },
      createTime: new Date(1_700_000_000_100)
    })
  })

  it('of a topic group may name its topic by the first message of it only', () => {
    const event = parseMessageEvent(larkFixture('message-topic-reply'))
    expect([event.rootId, event.parentId, event.threadId]).toEqual(['om_0', 'om_1', undefined])
  })

  it('is read from its stored text too', () => {
    const raw = larkFixture('message-direct-text')
    expect(parseMessageEvent(JSON.stringify(raw))).toEqual(parseMessageEvent(raw))
  })

  it('knows the bot by its open id only', () => {
    const event = parseMessageEvent(larkFixture('message-group-mention'))
    expect(mentionsBot(event, 'ou_bot')).toBe(true)
    expect(mentionsBot(event, 'Bot')).toBe(false)
  })

  it.each([
    ['the same company', { tenant_key: 't0000000000000001' }, false],
    ['another company', { tenant_key: 't0000000000000002' }, true],
    ['nobody knows which company', {}, false],
    ['an unreadable one', { tenant_key: 7 }, false]
  ])('knows a sender of %s', (_name, sender, expected) => {
    const raw = larkFixture('message-direct-text')
    const event = raw['event'] as object
    expect(isFromOutside(parseMessageEvent({ ...raw, event: { ...event, sender } }))).toBe(expected)
  })

  it.each([
    ['listed among the mentions', { mentions: [{ key: '@_all', id: {}, name: 'all' }] }, true],
    ['only in the text', { content: '{"text":"@_all look"}' }, true],
    ['part of a longer word', { content: '{"text":"@_allow"}' }, false]
  ])('sees an @all that is %s', (_name, patch, expected) => {
    expect(parseMessageEvent(withMessage(patch)).mentionsAll).toBe(expected)
  })

  it('is refused without a message id or chat id, and under another type', () => {
    expect(() => parseMessageEvent(withMessage({ message_id: '' }))).toThrow(EventInvalidError)
    expect(() => parseMessageEvent(withMessage({ chat_id: null }))).toThrow(EventInvalidError)
    expect(() => parseMessageEvent(larkFixture('card-action'))).toThrow(EventInvalidError)
    expect(() => parseMessageEvent('no json')).toThrow(EventInvalidError)
  })

  it('throws nothing but its own error, whatever the message is', () => {
    fc.assert(
      fc.property(
        fc.record({
          mentions: fc.anything(),
          content: fc.anything(),
          create_time: fc.anything(),
          message_id: fc.anything()
        }),
        (patch) => {
          try {
            parseMessageEvent(withMessage(patch))
          } catch (error) {
            expect(error).toBeInstanceOf(EventInvalidError)
          }
        }
      )
    )
  })
})

describe('a recall', () => {
  it('names the message', () => {
    expect(parseRecalledEvent(larkFixture('message-recalled'))).toMatchObject({ messageId: 'om_1', chatId: 'oc_1' })
    expect(() => parseRecalledEvent(larkFixture('card-action'))).toThrow(EventInvalidError)
  })
})

describe('a click', () => {
  it('is read whole', () => {
    expect(parseCardAction(larkFixture('card-action'))).toEqual({
      eventId: '4e3702a84e847582be8db7fb73283c02',
      appId: 'cli_0123456789abcdef',
      messageId: 'om_1',
      chatId: 'oc_1',
      operatorOpenId: 'ou_1',
      value: { k: 'v' }
    })
  })

  it('on a card whose value is a text has an empty value', () => {
    const raw = larkFixture('card-action')
    const event = raw['event'] as object
    expect(parseCardAction({ ...raw, event: { ...event, action: { value: 'text' } } })).toMatchObject({ value: {} })
  })

  it('without its card is refused', () => {
    const raw = larkFixture('card-action')
    const event = raw['event'] as object
    expect(() => parseCardAction({ ...raw, event: { ...event, context: {} } })).toThrow(EventInvalidError)
  })
})
