/** What of a message could not be had, and why: `{names}` are those of the files, `{limit}` is a number. */
export const ATTACHMENT_TEXTS = {
  filesTooLarge: {
    'en-US': 'Too large for me (limit {limit} MB): {names}',
    'zh-Hans': '文件过大（上限 {limit} MB）：{names}'
  },
  filesTooLargeForHost: {
    'en-US': 'Too large to be handed to the Digital Expert here (limit {limit} MB for one question): {names}',
    'zh-Hans': '文件过大，无法在此交给数字专家（一个问题的上限为 {limit} MB）：{names}'
  },
  filesTooMany: {
    'en-US': 'More files than I can read at once: {names}',
    'zh-Hans': '一次发送的文件过多，未能读取：{names}'
  },
  filesSound: {
    'en-US': 'I can not listen to sound. Please write what it says: {names}',
    'zh-Hans': '我无法收听语音或音频，请改用文字说明：{names}'
  },
  filesEmpty: { 'en-US': 'Empty: {names}', 'zh-Hans': '文件为空：{names}' },
  filesNoPermission: {
    'en-US':
      'I may not read this yet: {names}. An admin can grant the app the permission im:message:readonly and publish a new version.',
    'zh-Hans': '我还没有读取权限：{names}。管理员可为应用开通 im:message:readonly 权限并发布新版本。'
  },
  filesNoGroupPermission: {
    'en-US':
      'I may not read this in groups yet: {names}. An admin can grant the app the permission im:message.group_msg and publish a new version.',
    'zh-Hans': '我还没有在群聊中读取的权限：{names}。管理员可为应用开通 im:message.group_msg 权限并发布新版本。'
  },
  filesRestricted: {
    'en-US': 'Lark does not let me download this: {names}',
    'zh-Hans': '飞书不允许我下载：{names}'
  },
  theQuotedMessage: { 'en-US': 'the quoted message', 'zh-Hans': '引用的消息' },
  theForwardedMessages: { 'en-US': 'the forwarded messages', 'zh-Hans': '转发的消息' },
  filesGone: { 'en-US': 'No longer there: {names}', 'zh-Hans': '已不存在：{names}' },
  unnamedImage: { 'en-US': 'image', 'zh-Hans': '图片' },
  unnamedFile: { 'en-US': 'file', 'zh-Hans': '文件' },
  fileNotSent: { 'en-US': '({name} could not be sent here.)', 'zh-Hans': '（{name} 无法在此发送。）' },
  fileNeedsScope: {
    'en-US': '({name} could not be sent: the app lacks the permission im:resource.)',
    'zh-Hans': '（{name} 无法发送：应用缺少 im:resource 权限。）'
  },
  filesFailed: { 'en-US': 'Could not be read: {names}', 'zh-Hans': '未能读取：{names}' }
} as const
