import fc from 'fast-check'
import { describeEvent, parseEnvelope, parseMessageEvent } from '../../../../src/lark'
import { larkFixture, LarkFixture } from '../../../support/lark-fixture'

const described = (name: LarkFixture) => describeEvent(parseEnvelope(larkFixture(name)))

describe('the description of an event', () => {
  it('knows a message by its message id', () => {
    expect(described('message-group-mention')).toMatchObject({
      eventType: 'im.message.receive_v1',
      dedupKey: 'message:om_1',
      lane: 'oc_1',
      messageId: 'om_1',
      chatId: 'oc_1',
      threadId: 'omt_1',
      senderId: 'ou_1'
    })
  })

  it('knows a click by its event id', () => {
    expect(described('card-action')).toMatchObject({
      dedupKey: 'event:4e3702a84e847582be8db7fb73283c02',
      lane: 'oc_1',
      messageId: 'om_1',
      chatId: 'oc_1',
      senderId: 'ou_1'
    })
  })

  it('knows a recall by its event id, though it names a message', () => {
    expect(described('message-recalled')).toMatchObject({
      dedupKey: 'event:3e3702a84e847582be8db7fb73283c02',
      messageId: 'om_1',
      chatId: 'oc_1'
    })
  })

  it('gives an event without a chat a lane of its own', () => {
    const raw = larkFixture('chat-disbanded')
    const { lane } = describeEvent(parseEnvelope({ ...raw, event: {} }))
    expect(lane).toBe('-event:5e3702a84e847582be8db7fb73283c03')
  })

  it.each<LarkFixture>(['message-group-mention', 'legacy-p2p-chat-create', 'card-action'])(
    'stores %s without the Verification Token',
    (name) => {
      const { payload } = described(name)
      expect(payload).not.toContain('vtok')
      expect(parseEnvelope(JSON.parse(payload))).toMatchObject({
        token: '',
        eventId: parseEnvelope(larkFixture(name)).eventId
      })
    }
  )

  it('stores what can be read again', () => {
    expect(parseMessageEvent(described('message-post').payload)).toEqual(parseMessageEvent(larkFixture('message-post')))
  })

  it('falls back to the event id when a message has no id', () => {
    const raw = larkFixture('message-direct-text')
    expect(describeEvent(parseEnvelope({ ...raw, event: { message: {} } })).dedupKey).toMatch(/^event:/)
  })

  it('of anything that is an envelope is short ids and a payload without the token', () => {
    const header = fc.record({
      event_id: fc.string({ minLength: 1 }).map((id) => `e${id}`),
      event_type: fc.constantFrom('im.message.receive_v1', 'im.message.recalled_v1', 'card.action.trigger', 'other'),
      app_id: fc.constant('cli_1'),
      token: fc.constant('the verification token')
    })
    const event = fc.oneof(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.record({ message: fc.jsonValue(), sender: fc.jsonValue(), context: fc.jsonValue(), operator: fc.jsonValue() })
    )
    fc.assert(
      fc.property(header, event, (head, content) => {
        const described = describeEvent(parseEnvelope({ schema: '2.0', header: head, event: content }))
        expect(described.dedupKey).toMatch(/^(message|event):./)
        expect(described.payload).not.toContain(head.token)
        expect(JSON.parse(described.payload)).toHaveProperty('header.event_id', head.event_id)
      })
    )
  })
})
