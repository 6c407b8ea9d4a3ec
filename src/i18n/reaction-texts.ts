/** Why Lark did not do what it was asked, in short. */
export const REACTION_TEXTS = {
  reaction_retry: { 'en-US': 'a passing fault', 'zh-Hans': '暂时失败' },
  reaction_unknown_outcome: { 'en-US': 'no definite answer', 'zh-Hans': '无明确答复' },
  reaction_slow_down: { 'en-US': 'too many calls', 'zh-Hans': '调用过于频繁' },
  reaction_drop_frame: { 'en-US': 'a frame that came too late', 'zh-Hans': '过时的更新' },
  reaction_step_down: { 'en-US': 'a form that is not possible', 'zh-Hans': '不支持的展示形式' },
  reaction_too_long: { 'en-US': 'too long', 'zh-Hans': '内容过长' },
  reaction_content_refused: { 'en-US': 'content check', 'zh-Hans': '内容审核未通过' },
  reaction_stream_closed: { 'en-US': 'a stream that was over', 'zh-Hans': '流式更新已结束' },
  reaction_sequence: { 'en-US': 'out of order', 'zh-Hans': '顺序错误' },
  reaction_target_gone: { 'en-US': 'the message or chat is gone', 'zh-Hans': '消息或聊天不存在' },
  reaction_topic_gone: { 'en-US': 'the topic is gone', 'zh-Hans': '话题不存在' },
  reaction_no_topics: { 'en-US': 'no replies in a topic here', 'zh-Hans': '此处不支持话题回复' },
  reaction_forbidden: { 'en-US': 'a missing permission', 'zh-Hans': '缺少权限' },
  reaction_quota: { 'en-US': 'the monthly quota', 'zh-Hans': '月度额度已用完' },
  reaction_credentials: { 'en-US': 'App ID or App Secret', 'zh-Hans': 'App ID 或 App Secret 有误' },
  reaction_token: { 'en-US': 'an expired token', 'zh-Hans': '令牌已失效' },
  reaction_invalid_request: { 'en-US': 'an invalid request', 'zh-Hans': '请求无效' },
  reaction_other: { 'en-US': 'another reason', 'zh-Hans': '其他原因' }
} as const
