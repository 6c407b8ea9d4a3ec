import { assertSavable, isAdministratorRole, OPTION_KEYS, parseSettings, settingsForm } from '../../../src/settings'

interface Field {
  title: { en_US: string; zh_Hans: string }
  default?: unknown
  properties?: Record<string, Field>
  'x-ui'?: { visibleWhen?: unknown; component?: string; help?: { en_US: string; zh_Hans: string } }
}

const fields = settingsForm.properties as unknown as Record<string, Field>

describe('the form of an integration', () => {
  it('has the fields of the product page, in its order and with its words', () => {
    expect(Object.values(fields).map(({ title }) => title.en_US)).toEqual([
      'Connection Mode',
      'App ID',
      'App Secret',
      'Verification Token',
      'Encrypt Key',
      'International',
      'Preferred Language',
      'Auto-provision Users'
    ])
    expect([...OPTION_KEYS].sort()).toEqual(Object.keys(fields).sort())
    expect(Object.keys(fields['userProvision']!.properties!)).toEqual(['autoProvision', 'roleName'])
  })

  it('starts with the long connection, and shows token and key for the webhook alone', () => {
    expect(fields['connectionMode']!.default).toBe('long_connection')
    const hidden = Object.entries(fields).filter(([, field]) => field['x-ui']?.visibleWhen)
    expect(hidden.map(([key, field]) => [key, field['x-ui']!.visibleWhen])).toEqual([
      ['verificationToken', { name: 'connectionMode', value: 'webhook' }],
      ['encryptKey', { name: 'connectionMode', value: 'webhook' }]
    ])
  })

  it('hides what is secret, and helps in the reader’s language and region', () => {
    const secret = Object.entries(fields).filter(([, field]) => field['x-ui']?.component === 'password')
    expect(secret.map(([key]) => key)).toEqual(['appSecret', 'verificationToken', 'encryptKey'])
    const help = Object.values(fields).flatMap((field) => field['x-ui']?.help ?? [])
    expect(help.length).toBeGreaterThan(2)
    for (const { en_US, zh_Hans } of help) {
      expect(en_US).toMatch(/^https:\/\/open\.larksuite\.com\//)
      expect(zh_Hans).toMatch(/^https:\/\/open\.feishu\.cn\//)
    }
  })
})

describe('what a save refuses', () => {
  const REQUIRED = { appId: 'cli_0123456789abcdef', appSecret: 'secret' }

  it.each([
    ...['SUPER_ADMIN', 'admin', 'Org Administrator', 'OWNER'],
    ...['管理员', '超级管理员', '系統管理員', '超管', '所有者', '拥有者']
  ])('knows %s for an administrator', (role) => {
    expect(isAdministratorRole(role)).toBe(true)
    const settings = parseSettings({ ...REQUIRED, userProvision: { autoProvision: true, roleName: role } })
    expect(() => assertSavable(settings)).toThrow(expect.objectContaining({ code: 'role_name' }) as Error)
  })

  it.each(['VIEWER', 'AI_BUILDER', 'EMPLOYEE', '员工', '访客'])('lets %s pass', (role) => {
    expect(isAdministratorRole(role)).toBe(false)
  })

  it.each(['cli_1', 'ou_0123456789abcdef', 'cli_0123456789abcdef0'])('does not take %s for an App ID', (appId) => {
    expect(() => assertSavable(parseSettings({ ...REQUIRED, appId }))).toThrow(
      expect.objectContaining({ code: 'app_id' }) as Error
    )
  })
})
