import { runWithRequestContext } from '@xpert-ai/plugin-sdk'
import { XpertNames, XpertRows } from '../../../src/host'
import { ConnectionStatuses } from '../../../src/long-connection'
import { BindingHolders } from '../../../src/trigger/binding-holders'
import { BindingRepository } from '../../../src/trigger/binding.repository'
import { LarkTriggerStrategy } from '../../../src/trigger/lark-trigger.strategy'
import { TriggerWarnings } from '../../../src/trigger/trigger-warnings'
import { FixedClock } from '../../support/conversation-parts'
import { FakeLark } from '../../support/fake-lark'
import { INTEGRATION_ID, larkIntegration, StaticReader } from '../../support/lark-integration'

class Bindings extends BindingRepository {
  override async holder(): Promise<null> {
    return null
  }

  override async publish(): Promise<boolean> {
    return false
  }
}

describe('the checks of a trigger', () => {
  const lark = new FakeLark()
  const bindings = new Bindings(undefined as never)
  const strategy = new LarkTriggerStrategy(
    bindings,
    new BindingHolders(bindings, new XpertRows(undefined as never), new XpertNames(undefined as never)),
    new StaticReader(larkIntegration()),
    new TriggerWarnings(lark, new ConnectionStatuses(undefined as never)),
    new FixedClock(new Date())
  )
  const check = async (config: Record<string, unknown>) =>
    (await strategy.validate({ xpertId: 'x', config: { integrationId: INTEGRATION_ID, ...config } })).map(
      ({ field, level, message }) => ({ field, level, message })
    )
  const inChinese = <T>(work: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      runWithRequestContext({ headers: { language: 'zh-Hans' } } as never, {} as never, () => {
        work().then(resolve, reject)
      })
    })

  beforeEach(() => (lark.scopes = new Set(['im:message.group_msg'])))

  it.each<[string, Record<string, unknown>, string]>([
    [
      'a window where each message is a conversation',
      { sessionScope: 'thread', summaryWindowSeconds: 5 },
      'sessionScope'
    ],
    [
      'group messages that are kept for nothing',
      { captureUnmentionedGroupMessages: true },
      'captureUnmentionedGroupMessages'
    ]
  ])('warn of %s', async (_what, config, field) => {
    expect(await check(config)).toMatchObject([{ field, level: 'warning' }])
  })

  it.each<[string, Record<string, unknown>]>([
    ['respondToMentionAll', { respondToMentionAll: true }],
    ['captureUnmentionedGroupMessages', { captureUnmentionedGroupMessages: true, historyMessages: 5 }]
  ])('warn of %s where Lark does not send such messages', async (field, config) => {
    expect(await check(config)).toEqual([])
    lark.scopes = new Set()
    const [warning] = await check(config)
    expect(warning).toMatchObject({ field, level: 'warning' })
    expect(warning!.message.en_US).toContain('im:message.group_msg')
  })

  it('name a setting as the form does, in both languages', async () => {
    const found = await check({ summaryMaxWaitSeconds: 0, singleChatScope: 'selected_users', groupUserScope: 'x' })
    expect(found.map(({ message }) => message)).toEqual([
      {
        en_US: "The Lark Trigger setting 'Who may ask in groups' is missing or invalid.",
        zh_Hans: 'Lark 触发器的设置“群聊中可提问的用户”缺失或无效。'
      },
      {
        en_US:
          "The Lark Trigger setting 'Longest wait of the aggregation window in seconds' must be a whole number from 1 to 300.",
        zh_Hans: 'Lark 触发器的设置“聚合窗口最长等待（秒）”必须是 1 到 300 之间的整数。'
      },
      {
        en_US: "The Lark Trigger setting 'Direct chats: Users' is missing or invalid.",
        zh_Hans: 'Lark 触发器的设置“单聊范围：用户”缺失或无效。'
      }
    ])
  })

  it.each([
    ['sessionTimeoutSeconds', 2_592_001, 'Session timeout in seconds', '会话超时（秒）', 0, 2_592_000],
    ['summaryWindowSeconds', 'soon', 'Message aggregation window in seconds', '消息聚合窗口（秒）', 0, 60],
    ['summaryMaxMessages', 1, 'Most messages of one aggregation window', '聚合窗口最多消息数', 2, 100],
    ['attachmentMaxMiB', 2.5, 'Largest attachment in MiB', '附件大小上限（MiB）', 1, 25]
  ])('say which values %s may have', async (field, value, english, chinese, smallest, largest) => {
    expect(await check({ [field]: value })).toMatchObject([
      {
        field,
        level: 'error',
        message: {
          en_US: `The Lark Trigger setting '${english}' must be a whole number from ${smallest} to ${largest}.`,
          zh_Hans: `Lark 触发器的设置“${chinese}”必须是 ${smallest} 到 ${largest} 之间的整数。`
        }
      }
    ])
  })

  it('are said in the reader’s language when they keep a trigger from being published', async () => {
    const publish = (config: Record<string, unknown>) => () =>
      strategy.publish({ xpertId: 'x', config: { integrationId: INTEGRATION_ID, ...config } })
    await expect(inChinese(publish({ groupUserScope: 'x' }))).rejects.toThrow('群聊中可提问的用户')
    await expect(inChinese(publish({}))).rejects.toThrow('已绑定到其他数字专家')
    await expect(publish({})()).rejects.toThrow('is bound to another Digital Expert')
  })
})
