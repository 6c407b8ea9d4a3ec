/** What people read about their conversations: turns, windows, commands. */
export const CONVERSATION_TEXTS = {
  runInterrupted: { 'en-US': 'The answer was interrupted.', 'zh-Hans': '回答被中断。' },
  answerUnusable: {
    'en-US':
      'The settings of this bot could not be used, so the answer ends here. Please ask again if something is missing.',
    'zh-Hans': '机器人的设置曾无法使用，回答到此为止。如有缺失，请重新提问。'
  },
  answerRefused: {
    'en-US': 'Lark’s content check refused this answer.',
    'zh-Hans': '回答未通过飞书的内容审核。'
  },
  answeredAgain: {
    'en-US': 'This question is answered again in a newer message.',
    'zh-Hans': '此问题已在新的消息中重新回答。'
  },
  runLost: {
    'en-US': 'The server lost this question before it was answered. Please try again.',
    'zh-Hans': '服务器在回答之前丢失了此次提问，请重试。'
  },
  runCancelledByServer: { 'en-US': 'The server cancelled this answer.', 'zh-Hans': '服务器取消了本次回答。' },
  newConversation: { 'en-US': 'A new conversation begins.', 'zh-Hans': '已开始新会话。' },
  bufferDropped: {
    'en-US': 'Stopped: your last message will not be answered.',
    'zh-Hans': '已停止：您的上一条消息将不会被回答。'
  },
  help: {
    'en-US':
      'Write your question. /new begins a new conversation, /new and a text begins one with that text, /stop stops the answer, /help shows this.',
    'zh-Hans': '请直接提问。/新会话 开始新的会话（其后可带问题），/停止 停止当前回答，/帮助 显示本说明。'
  },
  outOfScope: {
    'en-US': 'I am not available to you here. Ask your administrator.',
    'zh-Hans': '您在此处无法使用我，请联系管理员。'
  },
  nobodyAnswers: {
    'en-US': 'No Digital Expert answers here at the moment. Please tell your administrator.',
    'zh-Hans': '此处目前没有数字专家为您服务，请告知管理员。'
  },
  botLoop: {
    'en-US': 'Bots have talked to each other for a while. I go on when a person writes.',
    'zh-Hans': '机器人之间已连续对话多轮，待有人发言后我再继续。'
  },
  integrationNotConnected: {
    'en-US': 'The integration is not connected to Lark at the moment.',
    'zh-Hans': '该集成当前未连接到飞书。'
  },
  threadsAreNotCollected: {
    'en-US':
      'With a conversation per message thread, messages of a group that are no replies are not answered together: each begins a conversation of its own.',
    'zh-Hans': '“每条消息串一个会话”时，群聊中不是回复的消息各自开启独立会话，不会被合并回答。'
  },
  captureNeedsHistory: {
    'en-US':
      'Unmentioned group messages are not remembered while no earlier messages are included as context: set a number above 0.',
    'zh-Hans': '作为上下文附带的历史消息数为 0 时，不会记录未提及的群消息：请设置大于 0 的数。'
  },
  settingNeedsScope: {
    'en-US': 'The setting "{field}" has no effect: the app lacks the permission {scope}.',
    'zh-Hans': '设置“{field}”不会生效：应用缺少权限 {scope}。'
  }
} as const
