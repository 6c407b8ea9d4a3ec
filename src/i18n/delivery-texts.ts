/** Why Lark did not take an answer, and what an admin does about it. `{cause}` is Lark's number, or what there was instead. */
export const DELIVERY_TEXTS = {
  larkSilent: { 'en-US': 'no answer', 'zh-Hans': '没有响应' },

  noSendPermission: {
    'en-US':
      'the app lacks the permission im:message:send_as_bot ({cause}). Add it in Lark’s console, and publish a version of the app.',
    'zh-Hans': '应用缺少权限 im:message:send_as_bot（{cause}）。请在飞书开放平台开通该权限，并发布应用版本。'
  },
  outsideAvailability: {
    'en-US':
      'the person is outside the app’s availability ({cause}). Widen it in Lark’s console, and publish a version of the app.',
    'zh-Hans': '用户不在应用的可用范围内（{cause}）。请在飞书开放平台扩大可用范围，并发布应用版本。'
  },
  botNotInGroup: {
    'en-US': 'the bot is not in the group ({cause}). Add it there.',
    'zh-Hans': '机器人不在群里（{cause}）。请将机器人加入该群。'
  },
  botAbilityOff: {
    'en-US':
      'the app has no bot ({cause}). Switch the bot ability on in Lark’s console, and publish a version of the app.',
    'zh-Hans': '应用未启用机器人能力（{cause}）。请在飞书开放平台启用，并发布应用版本。'
  },
  chatForbidsBot: {
    'en-US': 'the settings of the chat do not let the bot write ({cause}). The owner of the group can change them.',
    'zh-Hans': '聊天的设置不允许机器人发言（{cause}）。群主可以修改该设置。'
  },
  botStopped: {
    'en-US': 'the person has stopped the bot ({cause}). They can allow it again in their chat with it.',
    'zh-Hans': '用户已停用该机器人（{cause}）。用户可在与机器人的单聊中重新启用。'
  },
  appDisabled: {
    'en-US': 'the Lark organization has disabled the app ({cause}). Its admin can enable it.',
    'zh-Hans': '飞书企业已停用该应用（{cause}）。企业管理员可以重新启用。'
  },
  otherTenant: {
    'en-US': 'the person belongs to another Lark organization ({cause}), where the app may not write.',
    'zh-Hans': '用户属于其他飞书企业（{cause}），应用无法向其发送消息。'
  },
  chatEncrypted: {
    'en-US': 'the chat is encrypted or secret ({cause}): bots can not write there.',
    'zh-Hans': '该聊天已加密或为密聊（{cause}），机器人无法发言。'
  },
  addressNotAllowed: {
    'en-US':
      'the address of this server is not in the app’s list of allowed IP addresses ({cause}). Add it in Lark’s console.',
    'zh-Hans': '本服务器的 IP 不在应用的白名单中（{cause}）。请在飞书开放平台添加。'
  },
  forbiddenByLark: {
    'en-US': 'Lark does not allow it ({cause}). Look at Diagnosis, and at what Lark says of this number.',
    'zh-Hans': '飞书不允许发送（{cause}）。请查看诊断页，以及飞书对该错误码的说明。'
  },
  credentialsRefused: {
    'en-US': 'App ID or App Secret is wrong ({cause}). Correct it in the integration, and save.',
    'zh-Hans': 'App ID 或 App Secret 不正确（{cause}）。请在集成中改正并保存。'
  },
  tokenRefused: {
    'en-US': 'Lark does not accept the app’s token ({cause}). Diagnosis tests the credentials.',
    'zh-Hans': '飞书不接受应用的访问凭证（{cause}）。诊断页会检查凭证。'
  },
  targetGone: {
    'en-US': 'the message or the chat is not there any more ({cause}).',
    'zh-Hans': '消息或聊天已不存在（{cause}）。'
  },
  answerTooLong: {
    'en-US': 'it is too long in every form ({cause}).',
    'zh-Hans': '各种形式的回复都过长（{cause}）。'
  },
  formRefused: {
    'en-US': 'it takes the text in no form ({cause}). Report it with the log line of Lark:reply that names this run.',
    'zh-Hans': '各种形式的内容均未被接受（{cause}）。请连同 Lark:reply 中包含该运行 ID 的日志一起反馈。'
  },
  requestRefused: {
    'en-US': 'it could not read the request ({cause}). Report it with the log line of Lark:reply that names this run.',
    'zh-Hans': '请求无法识别（{cause}）。请连同 Lark:reply 中包含该运行 ID 的日志一起反馈。'
  }
} as const
