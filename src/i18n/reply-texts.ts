/** What people read on the card of an answer: its states, its buttons, and what a click is answered with. */
export const REPLY_TEXTS = {
  approvalAsked: { 'en-US': 'May I go on with this?', 'zh-Hans': '是否允许继续执行以下操作？' },
  approvalCut: {
    'en-US': 'This is too long for a card: {count} characters are not shown, so it can not be confirmed here.',
    'zh-Hans': '内容过长，卡片无法完整显示：还有 {count} 个字符未显示，因此无法在此确认。'
  },
  approvalInXpert: {
    'en-US': 'This can not be confirmed on a card: it must be decided in Xpert.',
    'zh-Hans': '此操作无法在卡片中确认，请前往 Xpert 处理。'
  },
  approvalGoesOn: {
    'en-US': 'The next message, or New conversation, goes on without this, and it is not done.',
    'zh-Hans': '发送下一条消息或开始新会话后，对话将继续，此操作不会执行。'
  },
  approvalForgotten: {
    'en-US': 'Nobody decided in time, so this was not done.',
    'zh-Hans': '未能及时做出决定，此操作未执行。'
  },
  approvalOvertaken: {
    'en-US': 'You wrote something else, so this was not done.',
    'zh-Hans': '您发送了其他内容，此操作未执行。'
  },
  approvalOvertakenByOthers: {
    'en-US': 'Something else was written here, so this was not done.',
    'zh-Hans': '此处已有其他内容发出，此操作未执行。'
  },
  approvalConversationEnded: {
    'en-US': 'The conversation was ended, so this was not done.',
    'zh-Hans': '会话已结束，此操作未执行。'
  },
  approvalConfirmed: { 'en-US': 'Confirmed by {who}, {when}.', 'zh-Hans': '{who} 于 {when} 确认。' },
  approvalRejected: { 'en-US': 'Rejected by {who}, {when}.', 'zh-Hans': '{who} 于 {when} 拒绝。' },
  rejectedForModel: { 'en-US': 'The person rejected this.', 'zh-Hans': '用户拒绝了此操作。' },
  buttonStop: { 'en-US': 'Stop', 'zh-Hans': '停止' },
  buttonAgain: { 'en-US': 'Try again', 'zh-Hans': '重试' },
  buttonNew: { 'en-US': 'New conversation', 'zh-Hans': '新会话' },
  buttonConfirm: { 'en-US': 'Confirm', 'zh-Hans': '确认' },
  buttonReject: { 'en-US': 'Reject', 'zh-Hans': '拒绝' },
  clickStopping: { 'en-US': 'Stopping…', 'zh-Hans': '正在停止…' },
  clickAgain: { 'en-US': 'Asking again…', 'zh-Hans': '正在重试…' },
  clickNew: {
    'en-US': 'Your next message starts a new conversation.',
    'zh-Hans': '您的下一条消息将开始新的会话。'
  },
  clickConfirm: { 'en-US': 'Confirmed.', 'zh-Hans': '已确认。' },
  clickReject: { 'en-US': 'Rejected.', 'zh-Hans': '已拒绝。' },
  clickTooLate: { 'en-US': 'This is no longer open.', 'zh-Hans': '此操作已失效。' },
  clickUnavailable: {
    'en-US': 'The Digital Expert that asked does not answer here any more.',
    'zh-Hans': '提出此问题的数字专家已不在此处服务。'
  },
  clickApproversOnly: { 'en-US': 'Only an approver may do this.', 'zh-Hans': '只有审批人可以执行此操作。' },
  approvalApprovers: {
    'en-US': 'Only an approver may confirm this: {names}.',
    'zh-Hans': '只有审批人可以确认：{names}。'
  },
  approvalApproversAway: {
    'en-US': 'Only an approver may confirm this ({names}), and this chat is yours alone: you can only reject it here.',
    'zh-Hans': '只有审批人（{names}）可以确认，而此单聊中没有审批人：您在此只能拒绝。'
  },
  approvalApproversAbsent: {
    'en-US': 'Only an approver may confirm this ({names}), and this chat is yours alone: nobody can decide it here.',
    'zh-Hans': '只有审批人（{names}）可以确认，而此单聊中没有审批人：此处无法做出决定。'
  },
  somebody: { 'en-US': 'somebody whose name is unknown', 'zh-Hans': '未知姓名的用户' },
  clickNotYours: {
    'en-US': 'Only the person who asked, or an approver, may do this.',
    'zh-Hans': '只有提问者或审批人可以执行此操作。'
  }
} as const
