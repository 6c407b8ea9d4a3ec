import { MessageEvent } from '../../../src/lark'
import { materialOf } from '../../../src/trigger/message-material'

const refersTo = (place: Partial<MessageEvent>): string | undefined =>
  materialOf({ messageId: 'om_own', ...place } as MessageEvent, { resources: [] }).material?.parentId

describe('what a message refers to', () => {
  it.each<[string, Partial<MessageEvent>, string | undefined]>([
    ['the message that it replies to', { rootId: 'om_root', parentId: 'om_parent' }, 'om_parent'],
    ['the first one of its topic', { threadId: 'omt_1', rootId: 'om_root', parentId: 'om_parent' }, 'om_root'],
    [
      'the message replied to, where Lark names the topic instead of its first message',
      { threadId: 'omt_1', rootId: 'omt_1', parentId: 'om_parent' },
      'om_parent'
    ],
    ['nothing, where no message is named', { threadId: 'omt_1', rootId: 'omt_1', parentId: 'omt_1' }, undefined],
    ['nothing, where it is the first one itself', { threadId: 'omt_1', rootId: 'om_own' }, undefined],
    ['nothing', {}, undefined]
  ])('is %s', (_name, place, parentId) => {
    expect(refersTo(place)).toBe(parentId)
  })
})
