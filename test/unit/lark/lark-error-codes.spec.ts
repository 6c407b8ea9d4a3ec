import { LarkReaction } from '../../../src/lark'
import { LARK_ERROR_CODES, reactionTo } from '../../../src/lark/lark-error-codes'

describe('what to do about a code of Lark', () => {
  // Each line restates Lark's own error tables (lark-platform 5.6 and 13), not ours: the field mistook several of them.
  it.each<[number, string, LarkReaction, string]>([
    [99991400, 'im.message.reply', 'slow_down', 'rate limit: wait for x-ogw-ratelimit-reset'],
    [99991403, 'im.message.reply', 'quota', 'monthly quota exhausted'],
    [99991663, 'im.message.reply', 'token', 'tenant token expired: drop the cache, fetch once'],
    [99991672, 'im.message.reply', 'forbidden', 'a scope is missing'],
    [10014, 'auth.tenantAccessToken', 'credentials', 'live: unknown app and wrong secret'],
    [10015, 'auth.tenantAccessToken', 'credentials', 'documented: wrong secret'],
    [230020, 'im.message.patch', 'drop_frame', 'a frequency limit, though the SDK calls it a revoked target'],
    [230011, 'im.message.patch', 'target_gone', 'recalled'],
    [230110, 'im.message.patch', 'target_gone', 'deleted'],
    [231003, 'im.messageReaction.create', 'target_gone', 'message not found'],
    [230002, 'im.message.create', 'forbidden', 'bot is not in the group, though the SDK calls it a format error'],
    [230053, 'im.message.create', 'forbidden', 'the user has stopped the bot'],
    [230019, 'im.message.reply', 'topic_gone', 'reply in the chat instead'],
    [230025, 'im.message.create', 'too_long', 'split or shrink'],
    [230028, 'im.message.create', 'content_refused', 'audit'],
    [230049, 'im.message.create', 'retry', 'is being sent'],
    [230099, 'im.message.create', 'step_down', 'the card can not be created'],
    [230071, 'im.message.reply', 'no_topics', 'reply: no replies in a thread here'],
    [230071, 'im.message.update', 'forbidden', 'update: not the sender'],
    [230072, 'im.message.update', 'target_gone', 'update: edited twenty times'],
    [230075, 'im.message.create', 'forbidden', 'create: encrypted messages are not supported'],
    [230075, 'im.message.update', 'target_gone', 'update: too late'],
    [40003, 'contact.department.children', 'unknown_outcome', 'internal error: the list may come next time'],
    [40004, 'contact.user.findByDepartment', 'forbidden', 'no authority over the department'],
    [40014, 'contact.department.children', 'forbidden', 'no authority over the parent department'],
    [40015, 'contact.department.get', 'target_gone', 'the department does not exist'],
    [41050, 'contact.user.get', 'forbidden', 'no authority over the user'],
    [42008, 'contact.department.children', 'forbidden', 'tenant id is invalid, which no fresh token mends'],
    [42009, 'contact.group.member.simplelist', 'forbidden', 'no authority over the user group'],
    [232011, 'im.chat.get', 'forbidden', 'the bot is out of the chat'],
    [232004, 'im.chat.list', 'credentials', 'there is no such app'],
    [10002, 'cardkit.card.create', 'step_down', 'cardkit: invalid parameter'],
    [200850, 'cardkit.cardElement.content', 'stream_closed', 'ten minutes are over'],
    [300309, 'cardkit.cardElement.content', 'stream_closed', 'closed'],
    [300317, 'cardkit.cardElement.content', 'sequence', 'did not increase']
  ])('%i of %s: %s (%s)', (code, api, reaction) => {
    expect(reactionTo(code, api)).toBe(reaction)
  })

  // Every code that lark-platform 13 lists for create, reply, patch, delete, reactions, groups, contacts and card entities.
  it.each<[string, number[]]>([
    [
      'im.message.reply',
      [
        230001, 230002, 230006, 230011, 230013, 230015, 230017, 230018, 230019, 230020, 230022, 230025, 230027, 230028,
        230035, 230038, 230049, 230050, 230054, 230055, 230071, 230072, 230075, 230099, 230111, 232009
      ]
    ],
    ['im.message.create', [230029, 230034, 230036, 230053, 230074]],
    [
      'im.message.patch',
      [230001, 230006, 230011, 230013, 230020, 230025, 230027, 230028, 230031, 230099, 230110, 232009]
    ],
    ['im.message.delete', [230009, 230026, 230054, 230110]],
    [
      'im.messageReaction.create',
      [
        231001, 231002, 231003, 231004, 231005, 231006, 231007, 231008, 231010, 231011, 231012, 231013, 231014, 231015,
        231017, 231018, 231019, 231020, 231021, 231022, 230110, 232009
      ]
    ],
    ['im.chat.get', [232001, 232004, 232006, 232009, 232010, 232011, 232025, 232033, 232034]],
    ['contact.user.get', [40001, 40003, 41012, 41050]],
    ['contact.user.batch', [40001, 40004, 41050]],
    ['contact.user.findByDepartment', [40004, 40011, 40012, 41050]],
    ['contact.department.children', [40003, 40004, 40008, 40011, 40012, 40014, 42008, 43007, 43010]],
    ['contact.group.member.simplelist', [41071, 41072, 41074, 42002, 42009]],
    [
      'cardkit.card.update',
      [
        10002, 11310, 100290, 200220, 200510, 200570, 200621, 200740, 200750, 200770, 200810, 200850, 200860, 200861,
        200914, 300120, 300121, 300122, 300301, 300302, 300303, 300305, 300307, 300309, 300310, 300311, 300312, 300313,
        300314, 300315, 300317
      ]
    ]
  ])('knows every documented code of %s, with its page', (api, codes) => {
    for (const code of codes) expect([code, reactionTo(code, api)]).toEqual([code, expect.any(String)])
    expect(LARK_ERROR_CODES.every(({ document }) => document !== '')).toBe(true)
  })

  it('does not know every number, nor those of the contacts elsewhere', () => {
    expect(reactionTo(42, 'im.message.reply')).toBeUndefined()
    expect(reactionTo(40003, 'cardkit.card.update')).toBeUndefined()
  })

  it('has one row for a number, or one for each kind of call', () => {
    const rows = LARK_ERROR_CODES.map(({ code, api }) => `${code} ${api?.source ?? ''}`)
    expect(new Set(rows).size).toBe(rows.length)
  })
})
