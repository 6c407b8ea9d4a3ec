/** Of the tabs on an integration's page, and their buttons. */
export const VIEW_LABELS = {
  users: ['Users', '用户'],
  sessions: ['Sessions', '会话'],
  name: ['Name', '名称'],
  openId: ['Open ID', 'Open ID'],
  platformUser: ['Platform user', '平台用户'],
  source: ['Source', '来源'],
  lastSeen: ['Last seen', '最近出现'],
  chatType: ['Chat type', '聊天类型'],
  chat: ['Chat', '聊天'],
  sender: ['Sender', '发送者'],
  digitalExpert: ['Digital Expert', '数字专家'],
  conversationId: ['Conversation ID', '对话 ID'],
  updated: ['Updated', '更新时间'],
  waitedAndAnswered: ['Waited / answered', '等待 / 回答耗时'],
  run: ['Run', '运行'],
  text: ['Text', '内容'],
  ownerAndLastConnected: ['Owner instance / last connected', '所属实例 / 最近连接'],
  recentErrors: ['Recent errors', '最近的错误'],
  lastCallback: ['Last message', '最近消息'],
  readFromLark: ['Read from Lark', '从飞书读取'],
  refresh: ['Refresh', '刷新'],
  reconnect: ['Reconnect', '重新连接'],
  disconnect: ['Disconnect', '断开连接'],
  connect: ['Connect', '连接'],
  newConversation: ['New conversation', '新会话'],
  stop: ['Stop', '停止'],
  answerAgain: ['Answer again', '重新回答'],
  searchUsers: ['Name or ID', '姓名或 ID'],
  searchSessions: ['Name, ID, open or closed', '名称、ID、进行中或已结束'],
  searchMessages: [
    'Name, ID; waiting, answered, refused, failed, dropped; 24h, 7d',
    '名称、ID；等待、已回答、已忽略、失败、取消；24h、7d'
  ],
  confirmDisconnect: [
    'Nobody gets an answer until somebody connects again. Disconnect?',
    '断开后，在重新连接之前不会有人收到回复。确定断开吗？'
  ],
  confirmNewConversation: [
    'The next message starts a new conversation, without what was said before. Go on?',
    '下一条消息将开始新的会话，不包含之前的内容。是否继续？'
  ],
  confirmStop: ['Stop the answer that is being written?', '停止正在生成的回答吗？'],
  confirmAnswerAgain: ['Let the Digital Expert answer this message again?', '让数字专家重新回答这条消息吗？']
} as const
