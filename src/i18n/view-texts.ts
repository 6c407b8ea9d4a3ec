/** What the tabs say. */
export const VIEW_TEXTS = {
  sourceMessage: { 'en-US': 'Wrote to the bot', 'zh-Hans': '给机器人发过消息' },
  sourceMention: { 'en-US': 'Was mentioned', 'zh-Hans': '被提及' },
  sourceDirectory: { 'en-US': 'Read from Lark', 'zh-Hans': '从飞书读取' },
  directChat: { 'en-US': 'Direct chat', 'zh-Hans': '单聊' },
  groupChat: { 'en-US': 'Group', 'zh-Hans': '群聊' },
  topicChat: { 'en-US': 'Topic', 'zh-Hans': '话题' },
  closedChat: { 'en-US': '{type}, closed', 'zh-Hans': '{type}（已结束）' },
  readStarted: {
    'en-US': 'Reading people and groups from Lark. The Diagnosis tab shows how far it is.',
    'zh-Hans': '正在从飞书读取用户和群聊，进度请见“诊断”页。'
  },
  readUnderWay: {
    'en-US': 'A read is under way already. The Diagnosis tab shows how far it is.',
    'zh-Hans': '读取已在进行中，进度请见“诊断”页。'
  },
  refreshed: { 'en-US': 'Up to date.', 'zh-Hans': '已刷新。' },
  connectAsked: { 'en-US': 'Connecting. This takes a few seconds.', 'zh-Hans': '正在连接，需要几秒钟。' },
  reconnectAsked: { 'en-US': 'Reconnecting. This takes a few seconds.', 'zh-Hans': '正在重新连接，需要几秒钟。' },
  disconnectAsked: {
    'en-US': 'Disconnecting. It stays so until you connect again.',
    'zh-Hans': '正在断开，在您重新连接之前将保持断开。'
  },
  noLongConnection: {
    'en-US': 'This integration has no long connection to switch.',
    'zh-Hans': '该集成没有可操作的长连接。'
  },
  rowGone: { 'en-US': 'It is not there any more. Refresh the page.', 'zh-Hans': '该记录已不存在，请刷新页面。' },
  sessionClosed: { 'en-US': 'The next message starts a new conversation.', 'zh-Hans': '下一条消息将开始新的会话。' },
  sessionWasClosed: { 'en-US': 'This conversation has ended already.', 'zh-Hans': '该会话已经结束。' },
  stopAsked: { 'en-US': 'Stopping.', 'zh-Hans': '正在停止。' },
  nothingToStop: { 'en-US': 'Nothing is being answered here.', 'zh-Hans': '当前没有正在生成的回答。' },
  answeringAgain: { 'en-US': 'The message will be answered again.', 'zh-Hans': '该消息将被重新回答。' },
  alreadyAnsweringAgain: {
    'en-US': 'The message is being answered again already.',
    'zh-Hans': '该消息已在重新回答中。'
  },
  onlyFailedAgain: {
    'en-US': 'Only a failed message can be answered again.',
    'zh-Hans': '只有失败的消息才能重新回答。'
  },
  messageNotKept: {
    'en-US': 'The text of this message is no longer kept, so it can not be answered again.',
    'zh-Hans': '该消息的内容已不再保留，无法重新回答。'
  },
  connectionRecord: { 'en-US': 'What the connection did', 'zh-Hans': '连接记录' },
  connectionRecordIs: {
    'en-US': 'last frame {frame}, last event {event}, {count} reconnects',
    'zh-Hans': '最近数据帧 {frame}，最近事件 {event}，重连 {count} 次'
  },
  moreErrors: { 'en-US': '{count} more, see Diagnosis', 'zh-Hans': '另有 {count} 个，见“诊断”页' },
  recentError: { 'en-US': 'Error of the connection', 'zh-Hans': '连接错误' },
  lastCallbackAt: { 'en-US': 'Last callback accepted', 'zh-Hans': '最近接受的回调' },
  lastRejectedCallback: { 'en-US': 'Last callback refused', 'zh-Hans': '最近拒绝的回调' },
  callbackCounts: { 'en-US': 'Callbacks since the start', 'zh-Hans': '启动以来的回调' },
  callbackCountsAre: {
    'en-US': '{accepted} accepted, {unhandled} of other types, {rejected} refused',
    'zh-Hans': '接受 {accepted}，其他类型 {unhandled}，拒绝 {rejected}'
  },
  callbackUrl: { 'en-US': 'Callback URL', 'zh-Hans': '回调地址' },
  secretsSet: { 'en-US': 'Secrets that are set', 'zh-Hans': '已设置的密钥' },
  instances: { 'en-US': 'Living instances', 'zh-Hans': '运行中的实例' },
  lastInstance: { 'en-US': '{name}, since {time}', 'zh-Hans': '{name}，自 {time} 起' },
  callsOf: { 'en-US': 'Calls of {api}', 'zh-Hans': '{api} 调用次数' },
  callsAre: {
    'en-US': '{count} since the start; Lark allows 50 a second and 1,000 a minute',
    'zh-Hans': '启动以来 {count} 次；飞书允许每秒 50 次、每分钟 1,000 次'
  },
  callsFailed: { 'en-US': 'Calls that Lark refused', 'zh-Hans': '被飞书拒绝的调用' },
  directoryRead: { 'en-US': 'Read from Lark', 'zh-Hans': '从飞书读取' },
  readRunning: {
    'en-US':
      'Under way since {time}: {users} people and {chats} groups in {calls} calls, {open} calls are known to follow.',
    'zh-Hans': '自 {time} 起进行中：{calls} 次调用，已读取 {users} 人、{chats} 个群，至少还有 {open} 次调用。'
  },
  readDone: {
    'en-US': 'Ended at {time}: {users} people and {chats} groups in {calls} calls, {skipped} refused.',
    'zh-Hans': '于 {time} 完成：{calls} 次调用，读取 {users} 人、{chats} 个群，{skipped} 次被拒绝。'
  },
  readFailed: {
    'en-US': 'Ended at {time} with {users} people and {chats} groups, because Lark refused the rest. Start it again.',
    'zh-Hans': '于 {time} 中止，已读取 {users} 人、{chats} 个群，其余被飞书拒绝。请重新开始。'
  },
  readUnreachable: {
    'en-US':
      'Ended at {time} with {users} people and {chats} groups, because Lark could not be asked just then. Start it again.',
    'zh-Hans': '于 {time} 中止，已读取 {users} 人、{chats} 个群：当时无法向飞书查询。请重新开始。'
  },
  readGone: {
    'en-US':
      'Ended at {time} with {users} people and {chats} groups, because the integration was removed or can not be used.',
    'zh-Hans': '于 {time} 中止，已读取 {users} 人、{chats} 个群：该集成已被删除或无法使用。'
  },
  peopleListNeedsScope: {
    'en-US':
      'The list of users has only those who wrote to the bot or were mentioned: the app lacks the permission {scope}.',
    'zh-Hans': '用户列表仅包含给机器人发过消息或被提及的用户：应用缺少权限 {scope}。'
  },
  groupListNeedsScope: {
    'en-US': 'The list of groups has only those in which the bot was written to: the app lacks the permission {scope}.',
    'zh-Hans': '群聊列表仅包含给机器人发过消息的群：应用缺少权限 {scope}。'
  },
  readMissingPeople: {
    'en-US': 'People need the permission contact:contact.base:readonly, their names contact:user.base:readonly.',
    'zh-Hans': '读取用户需要权限 contact:contact.base:readonly，姓名需要 contact:user.base:readonly。'
  },
  readMissingUserGroups: {
    'en-US': 'Members of the user groups that the app may read need the permission contact:group:readonly.',
    'zh-Hans': '读取应用数据范围内的用户组成员需要权限 contact:group:readonly。'
  },
  readMissingGroups: {
    'en-US': 'Groups need the permission im:chat:readonly.',
    'zh-Hans': '读取群聊需要权限 im:chat:readonly。'
  }
} as const
