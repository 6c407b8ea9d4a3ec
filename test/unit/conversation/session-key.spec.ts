import { chainIn, isShared, isSharedKey, sessionKeyOf } from '../../../src/conversation/session-key'

const FROM = { chatId: 'oc_1', messageId: 'om_2', senderId: 'ou_1' }
const direct = { ...FROM, chatType: 'p2p' } as const
const group = { ...FROM, chatType: 'group' } as const

describe('sessionKeyOf', () => {
  it.each([
    [direct, 'chat', 'direct:oc_1'],
    [direct, 'chat_and_sender', 'direct:oc_1'],
    [direct, 'thread', 'direct:oc_1'],
    [{ ...direct, threadId: 'omt_1' }, 'chat', 'thread:oc_1:omt_1'],
    [group, 'chat', 'group:oc_1'],
    [group, 'chat_and_sender', 'group:oc_1:ou_1'],
    [group, 'thread', 'root:oc_1:om_2'],
    [{ ...group, rootId: 'om_1' }, 'thread', 'root:oc_1:om_1'],
    [{ ...group, rootId: 'om_1' }, 'chat', 'group:oc_1'],
    [{ ...group, threadId: 'omt_1', rootId: 'om_1' }, 'chat', 'thread:oc_1:omt_1'],
    [{ ...group, threadId: 'omt_1', rootId: 'om_1' }, 'chat_and_sender', 'thread:oc_1:omt_1'],
    [{ ...group, threadId: 'omt_1', rootId: 'om_1' }, 'thread', 'thread:oc_1:omt_1']
  ] as const)('of %j, groups by %s, is %s', (place, groups, key) => {
    expect(sessionKeyOf(place, groups)).toBe(key)
  })
})

describe('chainIn', () => {
  it.each([
    ['root:oc_1:om_1', 'om_1'],
    ['group:oc_1', null],
    ['group:oc_1:ou_1', null],
    ['thread:oc_1:omt_1', null],
    ['direct:oc_1', null]
  ])('of %s is %s', (scopeKey, chain) => {
    expect(chainIn(scopeKey, 'oc_1')).toBe(chain)
  })
})

describe('isShared', () => {
  it.each([
    ['p2p', undefined, 'chat', false],
    ['group', undefined, 'chat', true],
    ['group', undefined, 'thread', true],
    ['group', undefined, 'chat_and_sender', false],
    ['group', 'omt_1', 'chat_and_sender', true]
  ] as const)('of %s, thread %s, groups by %s, is %s', (chatType, threadId, groups, shared) => {
    expect(isShared(chatType, threadId, groups)).toBe(shared)
  })
})

describe('isSharedKey', () => {
  it.each([
    ['a direct chat', 'direct:oc_1', 'p2p', false],
    ['a group', 'group:oc_1', 'group', true],
    ['one person in a group', 'group:oc_1:ou_1', 'group', false],
    ['another person in a group', 'group:oc_1:ou_2', 'group', true],
    ['a thread', 'root:oc_1:om_1', 'group', true],
    ['a topic', 'thread:oc_1:omt_1', 'group', true]
  ] as const)('of %s', (_what, scopeKey, chatType, shared) => {
    expect(isSharedKey(scopeKey, { chatType, chatId: 'oc_1', senderId: 'ou_1' })).toBe(shared)
  })
})
