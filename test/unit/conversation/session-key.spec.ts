import { sessionKeyOf } from '../../../src/conversation/session-key'

describe('sessionKeyOf', () => {
  it.each([
    [{ chatType: 'p2p', chatId: 'oc_1' }, 'direct:oc_1'],
    [{ chatType: 'group', chatId: 'oc_1' }, 'group:oc_1'],
    [{ chatType: 'group', chatId: 'oc_1', threadId: 'omt_1' }, 'thread:oc_1:omt_1'],
    [{ chatType: 'p2p', chatId: 'oc_1', threadId: 'omt_1' }, 'thread:oc_1:omt_1']
  ] as const)('of %j is %s', (message, key) => {
    expect(sessionKeyOf(message)).toBe(key)
  })
})
