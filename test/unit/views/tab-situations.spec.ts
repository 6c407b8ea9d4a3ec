import { PluginConfigReader } from '../../../src/cluster'
import { ConnectionStatuses, IntegrationConnection } from '../../../src/long-connection'
import { TabSituations } from '../../../src/views/tab-situations'
import { OneIntegration } from '../../support/conversation-parts'
import { larkIntegration } from '../../support/lark-integration'

type Connection = Partial<IntegrationConnection> | null

const badgeOf = async (connection: Connection, language: 'en-US' | 'zh-Hans', mode = 'long_connection') => {
  const { settings, ...rest } = larkIntegration()
  const integration = { ...rest, settings: { ...settings, connectionMode: mode as 'webhook' } }
  if (mode === 'webhook') Object.assign(integration.settings, { verificationToken: undefined, encryptKey: undefined })
  const found = connection && { state: 'closed', desiredState: 'connected', conflict: null, ...connection }
  const statuses = { of: async () => found } as unknown as ConnectionStatuses
  const situations = new TabSituations(new OneIntegration(integration), statuses, new PluginConfigReader(() => ({})))
  return (await situations.of(integration.id, language)).badge
}

describe('the badge of the Status tab, which the host shows as it is', () => {
  it.each<[Connection, string, string]>([
    [{ state: 'connected' }, 'connected', '已连接'],
    [{ state: 'failed' }, 'failed', '连接失败'],
    [{ state: 'connected', conflict: 'secret_unchecked' }, 'checking the App Secret', '正在校验 App Secret'],
    [{ conflict: 'other_organization' }, 'held by another organization', '由其他组织持有'],
    [{ desiredState: 'disconnected' }, 'disconnected', '已断开'],
    [null, 'closed', '已关闭']
  ])('says in the reader’s language what %j is', async (connection, english, chinese) => {
    expect(await badgeOf(connection, 'en-US')).toBe(english)
    expect(await badgeOf(connection, 'zh-Hans')).toBe(chinese)
  })

  it('says so of a webhook without secrets', async () => {
    expect(await badgeOf(null, 'en-US', 'webhook')).toBe('not configured')
    expect(await badgeOf(null, 'zh-Hans', 'webhook')).toBe('未配置')
  })
})
