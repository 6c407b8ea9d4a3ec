/** What became of a message: its state, and why, by the reason code on its row. */
export const STATE_TEXTS = {
  stateWaiting: { 'en-US': 'Waiting', 'zh-Hans': '等待' },
  stateAnswering: { 'en-US': 'Being answered', 'zh-Hans': '回答中' },
  stateAnswered: { 'en-US': 'Answered', 'zh-Hans': '已回答' },
  stateRefused: { 'en-US': 'Refused', 'zh-Hans': '已忽略' },
  stateFailed: { 'en-US': 'Failed', 'zh-Hans': '失败' },
  stateDropped: { 'en-US': 'Dropped', 'zh-Hans': '取消' },

  waitsForMore: { 'en-US': 'for more messages of this person', 'zh-Hans': '该用户可能还有后续消息' },
  waitsForItsTurn: {
    'en-US': 'another message of its conversation is being answered',
    'zh-Hans': '同一会话中的另一条消息正在回答'
  },
  waitsForDecision: { 'en-US': 'a person is asked for a decision', 'zh-Hans': '需要有人作出决定' },
  waitsForLark: {
    'en-US': 'Lark does not take the answer ({cause}); it is sent again and again',
    'zh-Hans': '飞书暂未接收回复（{cause}），将不断重试'
  },
  waitsForRetry: { 'en-US': 'it will be tried again', 'zh-Hans': '稍后将重试' }
} as const

/** Every code that any room writes; a test collects them from the sources. */
export const OUTCOME_TEXTS = {
  answered: { 'en-US': 'by the Digital Expert', 'zh-Hans': '数字专家已回答' },
  empty_answer: { 'en-US': 'the Digital Expert ended without a text', 'zh-Hans': '数字专家结束时没有内容' },
  unsupported_message_type: {
    'en-US': 'with the notice that this kind of message can not be read',
    'zh-Hans': '已告知暂无法识别这类消息'
  },
  empty_message: { 'en-US': 'with the question what is wanted: it had no text', 'zh-Hans': '消息没有内容，已询问需求' },
  recall: { 'en-US': 'the message that it names was taken back', 'zh-Hans': '所指的消息已撤回' },
  command: { 'en-US': 'it was a command', 'zh-Hans': '这是一条命令' },

  disabled: { 'en-US': 'the trigger is switched off', 'zh-Hans': '触发器已停用' },
  own_message: { 'en-US': 'it is the bot’s own message', 'zh-Hans': '这是机器人自己的消息' },
  sender_is_bot: { 'en-US': 'a bot sent it', 'zh-Hans': '由其他机器人发送' },
  bot_loop: { 'en-US': 'bots have talked to each other for too long', 'zh-Hans': '机器人之间对话次数过多' },
  direct_chat_not_allowed: {
    'en-US': 'the trigger does not list this person for direct chats',
    'zh-Hans': '该用户不在触发器的单聊范围内'
  },
  group_not_allowed: { 'en-US': 'the trigger does not list this group', 'zh-Hans': '该群不在触发器的群聊范围内' },
  sender_not_allowed: {
    'en-US': 'the trigger does not list this person for groups',
    'zh-Hans': '该用户不在触发器的群聊用户范围内'
  },
  not_mentioned: { 'en-US': 'the bot was not mentioned', 'zh-Hans': '没有提及机器人' },
  settings_invalid: {
    'en-US': 'the trigger’s stored settings do not say who may ask',
    'zh-Hans': '触发器已保存的设置无法确定谁可以提问'
  },
  not_published: {
    'en-US': 'no Digital Expert with this integration is published',
    'zh-Hans': '没有使用该集成的已发布数字专家'
  },
  event_not_supported: { 'en-US': 'this kind of event is not handled', 'zh-Hans': '不处理此类事件' },
  malformed_event: { 'en-US': 'the event can not be read', 'zh-Hans': '事件无法解析' },
  integration_removed: { 'en-US': 'the integration was removed', 'zh-Hans': '集成已被删除' },
  integration_unusable: {
    'en-US': 'the settings of the integration can not be used',
    'zh-Hans': '集成的设置无法使用'
  },
  wrong_app: {
    'en-US': 'it was written to the app that the integration named before',
    'zh-Hans': '消息发给了该集成之前使用的应用'
  },
  click_not_allowed: { 'en-US': 'this person may not press the button', 'zh-Hans': '该用户无权点击此按钮' },
  click_stop: { 'en-US': 'the button Stop was pressed', 'zh-Hans': '已点击“停止”按钮' },
  click_new: { 'en-US': 'the button New conversation was pressed', 'zh-Hans': '已点击“新会话”按钮' },
  click_too_late: { 'en-US': 'the button was pressed too late', 'zh-Hans': '点击按钮时已失效' },
  foreign_card: { 'en-US': 'the card belongs to somebody else', 'zh-Hans': '卡片不属于本集成' },

  attempts_exhausted: { 'en-US': 'it was tried 8 times without success', 'zh-Hans': '尝试 8 次均未成功' },
  integration_unreadable: {
    'en-US': 'for 10 minutes an integration that may answer it could not be read',
    'zh-Hans': '可能负责回答的集成在 10 分钟内无法读取'
  },
  bot_unknown: {
    'en-US': 'Lark did not say who the bot is, so a mention could not be told',
    'zh-Hans': '飞书未返回机器人身份，无法判断是否被提及'
  },
  run_failed: { 'en-US': 'the run of the Digital Expert failed', 'zh-Hans': '数字专家运行失败' },
  conversation_gone: {
    'en-US': 'the platform does not have its conversation any more',
    'zh-Hans': '平台上已没有对应的会话'
  },
  run_lost: { 'en-US': 'the platform lost the run', 'zh-Hans': '平台丢失了该次运行' },
  run_interrupted: {
    'en-US': 'the platform lost the run in the middle of its answer',
    'zh-Hans': '回答过程中平台丢失了该次运行'
  },
  approval_unsupported: { 'en-US': 'it needs an approval', 'zh-Hans': '需要审批' },
  delivery_failed: { 'en-US': 'Lark refused the answer', 'zh-Hans': '飞书拒绝了回复' },
  delivery_unknown: {
    'en-US': 'Lark did not say whether the answer arrived',
    'zh-Hans': '无法确认回复是否送达'
  },
  content_refused: { 'en-US': 'Lark’s content check refused the answer', 'zh-Hans': '回复未通过飞书的内容审核' },
  quota_exhausted: {
    'en-US': 'the monthly quota of Lark’s API is used up',
    'zh-Hans': '飞书 API 的月度额度已用完'
  },

  run_cancelled: { 'en-US': 'the run was cancelled', 'zh-Hans': '运行已取消' },
  stopped: { 'en-US': 'somebody stopped the answer', 'zh-Hans': '回答被停止' },
  forgotten: {
    'en-US': 'nobody decided in time',
    'zh-Hans': '未能及时做出决定'
  },
  overtaken: {
    'en-US': 'the next message came before anybody had decided',
    'zh-Hans': '在做出决定之前来了下一条消息'
  },
  conversation_ended: {
    'en-US': 'its conversation was ended before anybody had decided',
    'zh-Hans': '在做出决定之前会话已结束'
  },
  recalled: { 'en-US': 'its sender recalled it', 'zh-Hans': '发送者撤回了消息' }
} as const

export type OutcomeCode = keyof typeof OUTCOME_TEXTS
