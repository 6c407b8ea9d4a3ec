/** The doctor's lines: what is looked at, what was found, and what each permission is for. */
export const DOCTOR_TEXTS = {
  checkCredentials: { 'en-US': 'App ID and App Secret', 'zh-Hans': 'App ID 与 App Secret' },
  checkRegion: { 'en-US': 'Region', 'zh-Hans': '所属区域' },
  checkBot: { 'en-US': 'Bot', 'zh-Hans': '机器人能力' },
  checkScope: { 'en-US': 'Permission {scope}', 'zh-Hans': '权限 {scope}' },
  checkScopes: { 'en-US': 'Permissions', 'zh-Hans': '应用权限' },
  checkVersion: { 'en-US': 'Published version', 'zh-Hans': '已发布版本' },
  checkAvailability: { 'en-US': 'Availability', 'zh-Hans': '可用范围' },
  checkMode: { 'en-US': 'Connection mode in the console', 'zh-Hans': '控制台中的连接模式' },
  checkConnection: { 'en-US': 'Long connection', 'zh-Hans': '长连接状态' },
  checkExpert: { 'en-US': 'Digital Expert', 'zh-Hans': '回复的数字专家' },
  checkConsumers: { 'en-US': 'Other consumers of the app', 'zh-Hans': '该应用的其他消费者' },
  checkWebhookUrl: { 'en-US': 'Webhook URL', 'zh-Hans': 'Webhook 地址' },
  checkWebhookSecrets: {
    'en-US': 'Verification Token and Encrypt Key',
    'zh-Hans': 'Verification Token 与 Encrypt Key 配置'
  },
  checkLastEvent: { 'en-US': 'Last message event', 'zh-Hans': '最近的消息事件' },
  checkLastClick: { 'en-US': 'Last card callback', 'zh-Hans': '最近的卡片回调' },
  checkClock: { 'en-US': 'Clock', 'zh-Hans': '服务器时钟' },
  checkQuota: { 'en-US': 'Monthly API quota', 'zh-Hans': '每月 API 额度' },

  doctorFine: { 'en-US': 'As it should be.', 'zh-Hans': '正常。' },
  doctorNotKnown: {
    'en-US': 'Not known: Lark could not be asked just now: {reason}{number}.',
    'zh-Hans': '未知：暂时无法向飞书查询：{reason}{number}。'
  },
  doctorNotAnswered: {
    'en-US': 'Not known: Lark refuses to say: {reason}{number}.',
    'zh-Hans': '未知：飞书拒绝了查询：{reason}{number}。'
  },
  doctorCredentialsFirst: {
    'en-US': 'Not checked: first mend App ID and App Secret.',
    'zh-Hans': '未检查：请先修正 App ID 和 App Secret。'
  },
  doctorNeedsSelfManage: {
    'en-US': 'Not known: the app would need the permission application:application:self_manage.',
    'zh-Hans': '未知：应用需要开通权限 application:application:self_manage。'
  },
  doctorNotTold: { 'en-US': 'Not known: Lark does not say.', 'zh-Hans': '未知：飞书未返回该信息。' },
  doctorCredentialsAccepted: { 'en-US': 'Lark accepts them.', 'zh-Hans': '飞书已接受该凭证。' },
  doctorCredentialsRejected: {
    'en-US': 'Lark does not accept them. Copy both from the console again; a secret that was reset is no longer valid.',
    'zh-Hans': '飞书未接受该凭证。请从控制台重新复制；已重置的密钥不再有效。'
  },
  doctorWrongRegion: {
    'en-US': 'The app belongs to the other cloud: change "International".',
    'zh-Hans': '该应用属于另一个云：请修改“国际版”设置。'
  },
  doctorRegionIs: { 'en-US': 'The app belongs to {region}.', 'zh-Hans': '该应用属于{region}。' },
  regionFeishu: { 'en-US': 'Feishu (China)', 'zh-Hans': '飞书（中国）' },
  regionLark: { 'en-US': 'Lark (international)', 'zh-Hans': 'Lark（国际版）' },
  doctorBotEnabled: { 'en-US': 'Enabled as "{name}".', 'zh-Hans': '已启用，名称为“{name}”。' },
  doctorBotMissing: {
    'en-US': 'The app has no bot: add the Bot capability and publish a version.',
    'zh-Hans': '该应用未添加机器人能力：请添加后发布新版本。'
  },
  doctorBotDisabled: {
    'en-US': 'The bot is not enabled ({status}): publish a version, or ask an administrator of Lark to enable the app.',
    'zh-Hans': '机器人未启用（{status}）：请发布版本，或请飞书管理员启用该应用。'
  },
  doctorScopeGranted: { 'en-US': 'Granted: {feature}.', 'zh-Hans': '已开通：{feature}。' },
  doctorScopeMissing: {
    'en-US': 'Missing, needed for: {feature}. Request it and publish a new version.',
    'zh-Hans': '未开通，用于：{feature}。请申请该权限并发布新版本。'
  },
  doctorScopeOptional: {
    'en-US': 'Not granted. It would unlock: {feature}.',
    'zh-Hans': '未开通。开通后可用：{feature}。'
  },
  doctorVersionMissing: { 'en-US': 'No version was ever published.', 'zh-Hans': '尚未发布任何版本。' },
  doctorVersionWaits: {
    'en-US': 'A newer version waits for approval: what was changed since does not work yet.',
    'zh-Hans': '有新版本等待审核：其中的更改尚未生效。'
  },
  doctorAppDisabled: {
    'en-US': 'The app is disabled in this Lark organization.',
    'zh-Hans': '该应用在当前飞书企业中已停用。'
  },
  doctorVisibleToAll: { 'en-US': 'Everybody in the Lark organization.', 'zh-Hans': '飞书企业全体成员。' },
  doctorVisibleToSome: {
    'en-US': 'Only some people or departments: nobody else can talk to the bot.',
    'zh-Hans': '仅部分成员或部门：其他人无法与机器人对话。'
  },
  doctorVisibleToNobody: { 'en-US': 'Nobody can see the app.', 'zh-Hans': '没有任何人可以看到该应用。' },
  doctorModeIs: { 'en-US': 'The console and this integration agree.', 'zh-Hans': '控制台与本集成一致。' },
  doctorModeDiffers: {
    'en-US': 'The console delivers by {console}, this integration waits for {ours}. Change one of them.',
    'zh-Hans': '控制台使用{console}推送，而本集成使用{ours}接收。请修改其中之一。'
  },
  doctorModeWrongDoor: {
    'en-US': 'Lark still calls the webhook, but this integration uses the long connection. Change the console.',
    'zh-Hans': '飞书仍在调用 Webhook，但本集成使用长连接。请修改控制台设置。'
  },
  doctorModeDoubtful: {
    'en-US':
      'The webhook was called at {time}, but this integration uses the long connection. If it was Lark, change the console; it may have been somebody else.',
    'zh-Hans': 'Webhook 于 {time} 被调用，但本集成使用长连接。如果是飞书，请修改控制台设置；也可能来自其他人。'
  },
  doctorConnected: { 'en-US': 'Connected since {time}.', 'zh-Hans': '自 {time} 起已连接。' },
  doctorNotConnected: { 'en-US': 'Not connected ({state}).', 'zh-Hans': '未连接（{state}）。' },
  doctorNotConnectedFor: {
    'en-US': 'Not connected ({state}). {error}{number}',
    'zh-Hans': '未连接（{state}）。{error}{number}'
  },
  doctorExpertAnswers: { 'en-US': 'Published: "{name}" answers.', 'zh-Hans': '已发布：由“{name}”回复。' },
  doctorExpertElsewhere: {
    'en-US': '"{name}" answers: it is published on another integration of this app.',
    'zh-Hans': '由“{name}”回复：它发布在使用该应用的另一个集成上。'
  },
  doctorExpertNone: {
    'en-US':
      'None is published, so every message is refused: add Lark Trigger to a Digital Expert, choose this integration, and publish. If Xpert shows it as published, change one of its settings first, then publish.',
    'zh-Hans':
      '尚未发布数字专家，所有消息都会被拒绝：请在数字专家中添加“Lark 触发器”，选择本集成，然后发布。如果 Xpert 显示该触发器已发布，请先修改其中一项设置，再发布。'
  },
  doctorExpertGone: {
    'en-US': '"{name}" is deleted: publish another one on this integration.',
    'zh-Hans': '“{name}”已被删除：请在本集成上发布另一个数字专家。'
  },
  doctorExpertUnknown: {
    'en-US': 'Not known just now: another integration, which may be of this app, can not be read. Check again later.',
    'zh-Hans': '暂时未知：无法读取可能使用同一应用的另一个集成。请稍后重新检查。'
  },
  doctorExpertOff: {
    'en-US': 'The trigger of "{name}" is switched off, so every message is refused: switch Enabled on, and publish.',
    'zh-Hans': '“{name}”的触发器已停用，所有消息都会被拒绝：请打开“启用”，然后发布。'
  },
  doctorExpertInvalid: {
    'en-US':
      'The settings of the trigger of "{name}" do not say who may ask, so every message is refused: correct what its checks name, and publish.',
    'zh-Hans': '“{name}”的触发器设置未说明谁可以提问，所有消息都会被拒绝：请修正检查中指出的设置，然后发布。'
  },
  doctorAlone: { 'en-US': 'None.', 'zh-Hans': '无。' },
  doctorOtherConsumers: {
    'en-US':
      '{count} other connections are open on this app. Lark gives each event to one of all at random, so messages go missing here. Stop the others, or use an app of its own.',
    'zh-Hans':
      '该应用另有 {count} 个连接。飞书会将每个事件随机发送给其中一个，因此此处会丢失消息。请停止其他连接，或使用独立的应用。'
  },
  doctorUrlIs: { 'en-US': 'Enter this URL in the console: {url}', 'zh-Hans': '请在控制台填写此地址：{url}' },
  doctorUrlDiffers: {
    'en-US': 'The console calls another URL. It should be {url}',
    'zh-Hans': '控制台填写的是其他地址，应为 {url}'
  },
  doctorLastAt: { 'en-US': 'At {time}.', 'zh-Hans': '于 {time}。' },
  doctorNoEvent: {
    'en-US': 'None yet. Subscribe im.message.receive_v1 in the console, publish a version, and write to the bot.',
    'zh-Hans': '尚未收到。请在控制台订阅 im.message.receive_v1，发布版本，然后给机器人发送消息。'
  },
  doctorEventNotSubscribed: {
    'en-US': 'The app does not subscribe im.message.receive_v1, so no message arrives.',
    'zh-Hans': '应用未订阅 im.message.receive_v1，因此收不到消息。'
  },
  doctorCallbackRefused: {
    'en-US': 'A call was refused at {time}: {why}.',
    'zh-Hans': '一次调用于 {time} 被拒绝：{why}。'
  },
  doctorCallbackDoubtful: {
    'en-US':
      'A call was refused at {time}: {why}. Calls of Lark were accepted before, so it may come from somebody else.',
    'zh-Hans': '一次调用于 {time} 被拒绝：{why}。此前已接受过飞书的调用，因此它可能来自其他人。'
  },
  doctorNoClick: {
    'en-US':
      'None among the latest events. If people see error 200340 when they press a button, add the card callback card.action.trigger in the console and publish a version.',
    'zh-Hans':
      '最近的事件中没有。如果用户点击按钮时看到错误 200340，请在控制台添加卡片回调 card.action.trigger 并发布版本。'
  },
  doctorClickNotSubscribed: {
    'en-US':
      'The app does not subscribe the card callback card.action.trigger: whoever presses a button sees error 200340.',
    'zh-Hans': '应用未订阅卡片回调 card.action.trigger：用户点击按钮会看到错误 200340。'
  },
  doctorClockFine: { 'en-US': 'Within {seconds} s of Lark’s.', 'zh-Hans': '与飞书时间相差不超过 {seconds} 秒。' },
  doctorClockOff: {
    'en-US': 'This server’s clock is {seconds} s off. Synchronize it: signatures and time limits depend on it.',
    'zh-Hans': '本服务器时钟偏差 {seconds} 秒。请同步时钟：签名和时限依赖于它。'
  },
  doctorQuotaFine: {
    'en-US': 'Not used up; Lark does not say how much is left.',
    'zh-Hans': '尚未用完；飞书不提供剩余额度。'
  },
  doctorQuotaUsedUp: {
    'en-US': 'Used up (99991403): Lark refuses calls until next month or a larger plan.',
    'zh-Hans': '已用完（99991403）：在下月或升级套餐之前，飞书将拒绝调用。'
  },

  featureGroupBots: {
    'en-US': 'group messages of people and bots that mention the bot',
    'zh-Hans': '群聊中用户和其他机器人提及本机器人的消息'
  },
  featureGroup: { 'en-US': 'group messages that mention the bot', 'zh-Hans': '群聊中提及本机器人的消息' },
  featureDirect: { 'en-US': 'direct messages to the bot', 'zh-Hans': '发给机器人的单聊消息' },
  featureReactions: { 'en-US': 'the typing sign', 'zh-Hans': '正在输入的表情回应' },
  featureSend: { 'en-US': 'answers of the bot', 'zh-Hans': '机器人的回复' },
  featureStreaming: { 'en-US': 'answers that grow smoothly', 'zh-Hans': '流畅的流式回复' },
  featureEveryGroupMessage: {
    'en-US':
      'the group strategy "every message", messages to @all and remembered ones, and quoted messages and files of groups',
    'zh-Hans': '群聊策略“所有消息”、@所有人的消息和作为上下文记录的消息，以及群聊中被引用的消息和文件'
  },
  featureUploads: { 'en-US': 'images and files in answers', 'zh-Hans': '在回答中发送图片和文件' },
  featureFiles: {
    'en-US': 'images and files, quoted and forwarded messages, whole cards, and recalled messages',
    'zh-Hans': '图片和文件、引用和转发的消息、完整的卡片以及撤回的消息'
  },
  featureGroups: { 'en-US': 'choosing groups in the trigger', 'zh-Hans': '在触发器中选择群聊' },
  featurePeople: { 'en-US': 'choosing people in the trigger', 'zh-Hans': '在触发器中选择用户' },
  featureUserGroups: {
    'en-US': 'choosing people of the user groups that the app may read',
    'zh-Hans': '选择应用数据范围内用户组中的用户'
  },
  featureNames: { 'en-US': 'names of people', 'zh-Hans': '用户姓名' },
  featureSelfManage: {
    'en-US': 'what this page says of version, availability and mode',
    'zh-Hans': '本页对版本、可用范围和模式的诊断'
  },

  verdictOk: { 'en-US': 'OK', 'zh-Hans': '正常' },
  verdictWarn: { 'en-US': 'Attention', 'zh-Hans': '注意' },
  verdictFail: { 'en-US': 'Problem', 'zh-Hans': '问题' },
  verdictUnknown: { 'en-US': 'Unknown', 'zh-Hans': '未知' },
  verdictOptional: { 'en-US': 'Optional', 'zh-Hans': '可选' },
  checkedAgain: { 'en-US': 'Checked again.', 'zh-Hans': '已重新检查。' }
} as const
