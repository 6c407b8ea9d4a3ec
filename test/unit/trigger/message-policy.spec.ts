import { BotIdentity, MessageEvent } from '../../../src/lark'
import { decideReply, mayAsk, RefusalReason } from '../../../src/trigger/message-policy'
import { parseTriggerConfig, TriggerConfig } from '../../../src/trigger/trigger-config'

const BOT: BotIdentity = { openId: 'ou_bot', name: 'Helper', activateStatus: 2 }
const mentionOf = (openId: string) => ({ key: '@_user_1', openId, name: 'somebody' })

const message = (more: Partial<MessageEvent>): MessageEvent => ({
  eventId: 'e',
  appId: 'cli_1',
  tenantKey: 't',
  messageId: 'om_1',
  chatId: 'oc_1',
  chatType: 'p2p',
  messageType: 'text',
  content: '{}',
  mentions: [],
  mentionsAll: false,
  sender: { openId: 'ou_1', type: 'user' },
  createTime: new Date(0),
  ...more
})
const direct = (more: Partial<MessageEvent> = {}): MessageEvent => message({ chatType: 'p2p', ...more })
const group = (more: Partial<MessageEvent> = {}): MessageEvent =>
  message({ chatType: 'group', chatId: 'oc_group', ...more })
const mentioned = { mentions: [mentionOf('ou_bot')] }

const SELECTED_USERS = { singleChatScope: 'selected_users', singleChatUserOpenIds: ['ou_1'] }
const SELECTED_GROUPS = { allowedGroupScope: 'selected_chats', allowedGroupChatIds: ['oc_group'] }
const SELECTED_ASKERS = { groupUserScope: 'selected_users', groupUserOpenIds: ['ou_1'] }
const BOTS = { respondToBots: true }
const ALL = { respondToMentionAll: true }
const everybody = { mentionsAll: true, mentions: [{ key: '@_all', openId: '', name: '' }] }
const ofBot = { sender: { openId: 'ou_2', type: 'bot' } }
const ALL_MESSAGES = { groupReplyStrategy: 'all_messages' }

type Row = [
  what: string,
  message: MessageEvent,
  rules: Record<string, unknown>,
  bot: BotIdentity | null,
  refused: RefusalReason | null
]

const ROWS: Row[] = [
  ['a direct message', direct(), {}, null, null],
  ['a direct message while the trigger is off', direct(), { enabled: false }, null, 'disabled'],
  ['a direct message of a selected user', direct(), SELECTED_USERS, null, null],
  [
    'a direct message of another user',
    direct({ sender: { openId: 'ou_2', type: 'user' } }),
    SELECTED_USERS,
    null,
    'direct_chat_not_allowed'
  ],
  [
    'a direct message of somebody without open_id',
    direct({ sender: { type: 'user' } }),
    SELECTED_USERS,
    null,
    'direct_chat_not_allowed'
  ],
  ['a direct message where only groups are restricted', direct(), SELECTED_GROUPS, null, null],
  ['a direct message of a bot', direct({ sender: { openId: 'ou_2', type: 'bot' } }), {}, null, 'sender_is_bot'],
  ['a direct message of an app', direct({ sender: { type: 'app' } }), {}, null, 'sender_is_bot'],
  ['a message of an unknown kind of sender', direct({ sender: { type: 'unknown' } }), {}, null, 'sender_is_bot'],
  ['its own message', group({ sender: { openId: 'ou_bot', type: 'user' }, ...mentioned }), {}, BOT, 'own_message'],
  ['a mention in a group', group(mentioned), {}, BOT, null],
  ['a mention in a group while the trigger is off', group(mentioned), { enabled: false }, BOT, 'disabled'],
  ['a group message without a mention', group(), {}, BOT, 'not_mentioned'],
  ['a mention of somebody else', group({ mentions: [mentionOf('ou_2')] }), {}, BOT, 'not_mentioned'],
  [
    'a mention of everybody',
    group({ mentionsAll: true, mentions: [{ key: '@_all', openId: '', name: '' }] }),
    {},
    BOT,
    'not_mentioned'
  ],
  ['a mention while nobody knows who the bot is', group(mentioned), {}, null, 'not_mentioned'],
  ['any group message where every one is wanted', group(), ALL_MESSAGES, BOT, null],
  [
    'any group message of a bot, even so',
    group({ sender: { openId: 'ou_2', type: 'bot' } }),
    ALL_MESSAGES,
    BOT,
    'sender_is_bot'
  ],
  ['a mention in a selected group', group(mentioned), SELECTED_GROUPS, BOT, null],
  ['a mention in another group', group({ ...mentioned, chatId: 'oc_2' }), SELECTED_GROUPS, BOT, 'group_not_allowed'],
  [
    'a mention where only users are selected',
    group({ ...mentioned, sender: { openId: 'ou_2', type: 'user' } }),
    SELECTED_USERS,
    BOT,
    null
  ],
  ['a mention of everybody where that counts', group(everybody), ALL, BOT, null],
  ['a mention of everybody that Lark did not list, where that counts', group({ mentionsAll: true }), ALL, BOT, null],
  [
    'a mention of everybody by a bot, where both count',
    group({ ...everybody, ...ofBot }),
    { ...ALL, ...BOTS },
    BOT,
    'sender_is_bot'
  ],
  ['a mention by a bot, where bots are answered', group({ ...mentioned, ...ofBot }), BOTS, BOT, null],
  [
    'a mention by an app, where bots are answered',
    group({ ...mentioned, sender: { openId: 'ou_2', type: 'app' } }),
    BOTS,
    BOT,
    null
  ],
  ['a message of a bot that mentions nobody', group(ofBot), { ...BOTS, ...ALL_MESSAGES }, BOT, 'sender_is_bot'],
  [
    'a mention by itself, where bots are answered',
    group({ ...mentioned, sender: { openId: 'ou_bot', type: 'bot' } }),
    BOTS,
    BOT,
    'own_message'
  ],
  ['a direct message of a bot, where bots are answered', direct(ofBot), BOTS, null, 'sender_is_bot'],
  [
    'a mention by an anonymous sender',
    group({ ...mentioned, sender: { type: 'anonymous' } }),
    BOTS,
    BOT,
    'sender_is_bot'
  ],
  [
    'a mention by a bot in another group',
    group({ ...mentioned, ...ofBot, chatId: 'oc_2' }),
    { ...BOTS, ...SELECTED_GROUPS },
    BOT,
    'group_not_allowed'
  ],
  ['a mention by somebody chosen', group(mentioned), SELECTED_ASKERS, BOT, null],
  [
    'a mention by somebody else',
    group({ ...mentioned, sender: { openId: 'ou_2', type: 'user' } }),
    SELECTED_ASKERS,
    BOT,
    'sender_not_allowed'
  ],
  [
    'any group message of somebody else',
    group({ sender: { openId: 'ou_2', type: 'user' } }),
    { ...SELECTED_ASKERS, ...ALL_MESSAGES },
    BOT,
    'sender_not_allowed'
  ],
  [
    'a direct message where only askers in groups are chosen',
    direct({ sender: { openId: 'ou_2', type: 'user' } }),
    SELECTED_ASKERS,
    null,
    null
  ],
  ['a mention in a topic', group({ ...mentioned, threadId: 'omt_1' }), {}, BOT, null],
  ['a mention where the groups are misspelt', group(mentioned), { allowedGroupScope: 'x' }, BOT, 'settings_invalid'],
  ['a mention where the askers are', group(mentioned), { groupUserScope: 'x' }, BOT, 'settings_invalid'],
  ['any group message where the strategy is', group(), { groupReplyStrategy: 'x' }, BOT, 'settings_invalid'],
  ['a direct message where the users are', direct(), { singleChatScope: 'x' }, null, 'settings_invalid'],
  [
    'a direct message where it is not clear whether the trigger is off',
    direct(),
    { enabled: 'no' },
    null,
    'settings_invalid'
  ],
  [
    'a direct message while the trigger is off, whatever else is wrong',
    direct(),
    { enabled: false, singleChatScope: 'x' },
    null,
    'disabled'
  ],
  [
    'its own message, whatever is wrong',
    group(ofBot),
    { groupUserScope: 'x' },
    { ...BOT, openId: 'ou_2' },
    'own_message'
  ],
  [
    'a direct message where something else is wrong',
    direct(),
    { summaryWindowSeconds: 'x', sessionScope: 'x' },
    null,
    null
  ],
  ['a mention where a list is empty', group(mentioned), { singleChatScope: 'selected_users' }, BOT, null]
]

describe('mayAsk', () => {
  const rules = (more: Partial<TriggerConfig>) => Object.assign(new TriggerConfig(), more)

  it.each<[string, string, Partial<TriggerConfig>, boolean]>([
    ['directly', 'p2p', {}, true],
    ['directly, listed', 'p2p', { singleChatScope: 'selected_users', singleChatUserOpenIds: ['ou_mei'] }, true],
    ['directly, not listed', 'p2p', { singleChatScope: 'selected_users', singleChatUserOpenIds: ['ou_bo'] }, false],
    ['in a group', 'group', { groupReplyStrategy: 'mention_only' }, true],
    ['in another group', 'group', { allowedGroupScope: 'selected_chats', allowedGroupChatIds: ['oc_2'] }, false],
    ['in a group, not listed', 'group', { groupUserScope: 'selected_users', groupUserOpenIds: ['ou_bo'] }, false]
  ])('%s', (_, chatType, more, allowed) => {
    expect(mayAsk({ chatType, chatId: 'oc_1', openId: 'ou_mei' }, rules(more))).toBe(allowed)
  })
})

describe('decideReply', () => {
  it.each(ROWS)('%s', (_what, event, rules, bot, refused) => {
    const { config, invalid } = parseTriggerConfig({ integrationId: 'i', ...rules })
    expect(decideReply(event, config, bot, invalid)).toEqual(
      refused === null
        ? { answer: true }
        : { answer: false, reason: refused, addressed: expect.any(Boolean) as boolean }
    )
  })

  it.each<[string, MessageEvent, boolean]>([
    ['a direct message', direct(), true],
    ['a mention in a group', group({ ...mentioned, chatId: 'oc_2' }), true],
    ['what is only overheard', group({ chatId: 'oc_2' }), false]
  ])('knows that %s is for the bot or not', (_what, event, addressed) => {
    const rules = { ...SELECTED_USERS, singleChatUserOpenIds: ['ou_9'], ...SELECTED_GROUPS, ...ALL_MESSAGES }
    const { config } = parseTriggerConfig({ integrationId: 'i', ...rules })
    expect(decideReply(event, config, BOT)).toMatchObject({ answer: false, addressed })
  })

  it('has a row here for every reason', () => {
    const reasons: Record<RefusalReason, true> = {
      disabled: true,
      own_message: true,
      sender_is_bot: true,
      direct_chat_not_allowed: true,
      group_not_allowed: true,
      sender_not_allowed: true,
      not_mentioned: true,
      settings_invalid: true
    }
    expect(new Set(ROWS.map(([, , , , refused]) => refused).filter((refused) => refused !== null))).toEqual(
      new Set(Object.keys(reasons))
    )
  })
})
