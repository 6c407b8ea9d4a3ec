import { describeEvent, parseEnvelope, parseMessageEvent } from '../../../../src/lark'
import { larkFixture, LarkFixture } from '../../../support/lark-fixture'

const described = (name: LarkFixture) => describeEvent(parseEnvelope(larkFixture(name)))

describe('the description of an event', () => {
  it('knows a message by its message id', () => {
    expect(described('message-group-mention')).toMatchObject({
      eventType: 'im.message.receive_v1',
      dedupKey: 'message:om_1',
      lane: 'cli_0123456789abcdef:oc_1',
      messageId: 'om_1',
      chatId: 'oc_1',
      threadId: 'omt_1',
      senderId: 'ou_1'
    })
  })

  it('knows a click by its event id', () => {
    expect(described('card-action')).toMatchObject({
      dedupKey: 'event:4e3702a84e847582be8db7fb73283c02',
      lane: 'cli_0123456789abcdef:oc_1',
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
    expect(lane).toBe('cli_0123456789abcdef:-event:5e3702a84e847582be8db7fb73283c03')
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
})
