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
    [230071, 'im.message.reply', 'topic_gone', 'reply: no replies in a thread here'],
    [230071, 'im.message.update', 'forbidden', 'update: not the sender'],
    [230072, 'im.message.update', 'target_gone', 'update: edited twenty times'],
    [230075, 'im.message.create', 'forbidden', 'create: encrypted messages are not supported'],
    [230075, 'im.message.update', 'target_gone', 'update: too late'],
    [10002, 'cardkit.card.create', 'step_down', 'cardkit: invalid parameter'],
    [200850, 'cardkit.cardElement.content', 'stream_closed', 'ten minutes are over'],
    [300309, 'cardkit.cardElement.content', 'stream_closed', 'closed'],
    [300317, 'cardkit.cardElement.content', 'sequence', 'did not increase']
  ])('%i of %s: %s (%s)', (code, api, reaction) => {
    expect(reactionTo(code, api)).toBe(reaction)
  })

  it('does not know every number', () => {
    expect(reactionTo(42, 'im.message.reply')).toBeUndefined()
  })

  it('has one row for a number, or one for each kind of call', () => {
    const rows = LARK_ERROR_CODES.map(({ code, api }) => `${code} ${api?.source ?? ''}`)
    expect(new Set(rows).size).toBe(rows.length)
  })
})
