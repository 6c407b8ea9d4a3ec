/** What an admin reads about a long connection: conflicts, and why it is not there. */
export const CONNECTION_TEXTS = {
  connectionLine: { 'en-US': 'Long connection', 'zh-Hans': '长连接' },
  connectionOtherOrganization: {
    'en-US': 'Another tenant or organization holds the long connection of this app, so nothing is received here.',
    'zh-Hans': '该应用的长连接由其他租户或组织持有，此处不会收到消息。'
  },
  connectionSecretRefused: {
    'en-US': 'Lark did not accept the App Secret of this integration, so it does not share the long connection.',
    'zh-Hans': '飞书未接受该集成的 App Secret，因此未加入长连接。'
  },
  connectionSecretUnchecked: {
    'en-US': 'The App Secret of this integration is being checked with Lark; until then nothing is received here.',
    'zh-Hans': '正在向飞书校验该集成的 App Secret，校验通过前此处不会收到消息。'
  },
  connectionTwoBindings: {
    'en-US': 'Several integrations with this App ID have a published Digital Expert; only the first one answers.',
    'zh-Hans': '多个使用该 App ID 的集成都发布了数字专家，只有第一个会回复。'
  },
  connectionOtherConsumers: {
    'en-US': 'Lark counts {count} more connections of this app: another program receives a part of its messages.',
    'zh-Hans': '飞书统计到该应用另有 {count} 个连接：部分消息会被其他程序接收。'
  },
  connectionDisconnected: {
    'en-US': 'Disconnected by an administrator, so nothing is received: press Connect on the Status tab.',
    'zh-Hans': '已由管理员断开，不会收到消息：请在“状态”页点击“连接”。'
  },
  lossCredentials: {
    'en-US': 'Lark does not accept the App ID and App Secret.',
    'zh-Hans': '飞书未接受该 App ID 和 App Secret。'
  },
  lossForbidden: {
    'en-US': 'Lark forbids the long connection: check that the app is enabled, published and may use it.',
    'zh-Hans': '飞书拒绝建立长连接：请检查应用是否已启用、已发布并可使用长连接。'
  },
  lossConnectionLimit: {
    'en-US': 'The app has its largest number of long connections already: stop other programs that use it.',
    'zh-Hans': '该应用的长连接数已达上限：请停止其他使用该应用的程序。'
  },
  lossWrongRegion: {
    'en-US': 'The app belongs to the other cloud: change "International".',
    'zh-Hans': '该应用属于另一个云：请更改“国际版”。'
  },
  lossAppId: {
    'en-US': 'The App ID is not one of Lark: it is cli_ and 16 characters.',
    'zh-Hans': 'App ID 格式不正确：应为 cli_ 加 16 位字符。'
  },
  lossHandshake: {
    'en-US': 'Lark refused the socket or did not answer in time; it is tried again.',
    'zh-Hans': '飞书拒绝或未及时响应连接，正在重试。'
  },
  lossClosed: {
    'en-US': 'The connection ended or went silent; it is made again.',
    'zh-Hans': '连接已断开或无响应，正在重新建立。'
  },
  lossUnreachable: {
    'en-US': 'Lark can not be reached; it is tried again.',
    'zh-Hans': '无法连接飞书，正在重试。'
  },
  lossOther: {
    'en-US': 'Lark refused the connection with code {code}; it is tried again.',
    'zh-Hans': '飞书以错误码 {code} 拒绝连接，正在重试。'
  }
} as const
