/** Why Lark did not do what it was asked, in short. */
const REACTIONS = {
  retry: { 'en-US': 'for a moment', 'zh-Hans': '暂时失败' },
  unknown_outcome: { 'en-US': 'no definite answer', 'zh-Hans': '无明确答复' },
  slow_down: { 'en-US': 'too many calls', 'zh-Hans': '调用过于频繁' },
  drop_frame: { 'en-US': 'a frame that came too late', 'zh-Hans': '过时的更新' },
  step_down: { 'en-US': 'a form that is not possible', 'zh-Hans': '不支持的展示形式' },
  too_long: { 'en-US': 'too long', 'zh-Hans': '内容过长' },
  content_refused: { 'en-US': 'content check', 'zh-Hans': '内容审核未通过' },
  stream_closed: { 'en-US': 'a stream that was over', 'zh-Hans': '流式更新已结束' },
  sequence: { 'en-US': 'out of order', 'zh-Hans': '顺序错误' },
  target_gone: { 'en-US': 'the message or chat is gone', 'zh-Hans': '消息或聊天不存在' },
  topic_gone: { 'en-US': 'the topic is gone', 'zh-Hans': '话题不存在' },
  forbidden: { 'en-US': 'a missing permission', 'zh-Hans': '缺少权限' },
  quota: { 'en-US': 'the monthly quota', 'zh-Hans': '月度额度已用完' },
  credentials: { 'en-US': 'App ID or App Secret', 'zh-Hans': 'App ID 或 App Secret 有误' },
  token: { 'en-US': 'an expired token', 'zh-Hans': '令牌已失效' },
  invalid_request: { 'en-US': 'an invalid request', 'zh-Hans': '请求无效' },
  other: { 'en-US': 'another reason', 'zh-Hans': '其他原因' }
} as const

type Reaction = keyof typeof REACTIONS
type ReactionTexts = { [Key in Reaction as `reaction_${Key}`]: (typeof REACTIONS)[Key] }

export const REACTION_TEXTS = Object.fromEntries(
  Object.entries(REACTIONS).map(([reaction, texts]) => [`reaction_${reaction}`, texts])
) as unknown as ReactionTexts

const isReaction = (value: string): value is Reaction => Object.hasOwn(REACTIONS, value)

export const reactionText = (reaction: string): keyof ReactionTexts =>
  `reaction_${isReaction(reaction) ? reaction : 'other'}`
