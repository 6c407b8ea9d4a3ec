import { inboxKeyOf, LarkIntegration, LarkSettings, parseSettings, SettingsInvalidError } from '../../../src/settings'

const REQUIRED = { appId: 'cli_1', appSecret: 'secret' }

describe('parseSettings', () => {
  it.each<[string, Record<string, unknown>, Partial<LarkSettings>]>([
    [
      'the least that works',
      {},
      { appId: 'cli_1', appSecret: 'secret', connectionMode: 'long_connection', region: 'feishu' }
    ],
    ['blanks around values', { appId: ' cli_1 ', appSecret: ' s\n' }, { appId: 'cli_1', appSecret: 's' }],
    ['a webhook', { connectionMode: 'webhook' }, { connectionMode: 'webhook' }],
    [
      'a token from before there was a mode',
      { verificationToken: 'v' },
      { connectionMode: 'webhook', verificationToken: 'v' }
    ],
    ['a key from before there was a mode', { encryptKey: 'k' }, { connectionMode: 'webhook', encryptKey: 'k' }],
    ['a blank token', { verificationToken: ' ' }, { connectionMode: 'long_connection', verificationToken: undefined }],
    [
      'a mode beside a token',
      { connectionMode: 'long_connection', encryptKey: 'k' },
      { connectionMode: 'long_connection' }
    ],
    ['an empty mode', { connectionMode: '' }, { connectionMode: 'long_connection' }],
    ['the international cloud', { isLark: true }, { region: 'lark' }],
    ['a string that says true', { isLark: 'true' }, { region: 'feishu' }],
    ['English', { preferLanguage: 'en' }, { preferLanguage: 'en' }],
    ['English, the long way', { preferLanguage: 'en_US' }, { preferLanguage: 'en' }],
    ['Chinese', { preferLanguage: 'zh-Hans' }, { preferLanguage: 'zh-Hans' }],
    ['Chinese, another way', { preferLanguage: 'ZH_cn' }, { preferLanguage: 'zh-Hans' }],
    ['an unknown language', { preferLanguage: 'fr' }, { preferLanguage: undefined }],
    ['no provisioning', { userProvision: null }, { userProvision: { autoProvision: false, roleName: undefined } }],
    [
      'provisioning',
      { userProvision: { autoProvision: true, roleName: ' VIEWER ' } },
      { userProvision: { autoProvision: true, roleName: 'VIEWER' } }
    ],
    ['what the host keeps there', { webhookCredential: { hash: 'x' } }, { connectionMode: 'long_connection' }]
  ])('reads %s', (_what, options, expected) => {
    expect(parseSettings({ ...REQUIRED, ...options })).toMatchObject(expected)
  })

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'app_id'],
    ['a list', [REQUIRED], 'app_id'],
    ['no app id', { appSecret: 's' }, 'app_id'],
    ['an app id that is no text', { appId: 42, appSecret: 's' }, 'app_id'],
    ['no secret', { appId: 'cli_1' }, 'app_secret'],
    ['a blank secret', { appId: 'cli_1', appSecret: '  ' }, 'app_secret'],
    ['an unknown mode', { ...REQUIRED, connectionMode: 'polling' }, 'connection_mode']
  ])('names the field for %s', (_what, options, code) => {
    const parse = (): unknown => parseSettings(options)
    expect(parse).toThrow(SettingsInvalidError)
    expect(parse).toThrow(expect.objectContaining({ code }) as Error)
  })

  it('puts no secret into an error', () => {
    const parse = (): unknown => parseSettings({ ...REQUIRED, appSecret: 'very-secret', connectionMode: 'x' })
    expect(parse).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('very-secret') as string }) as Error
    )
  })
})

describe('inboxKeyOf', () => {
  const integration = (
    tenantId: string,
    organizationId: string | null,
    options: Record<string, unknown> = {}
  ): LarkIntegration => ({
    id: 'i',
    name: 'n',
    tenantId,
    organizationId,
    settings: parseSettings({ ...REQUIRED, ...options })
  })

  it('differs for tenant, organisation, cloud and app, and for nothing else', () => {
    const keys = [
      integration('t1', 'o1'),
      integration('t2', 'o1'),
      integration('t1', 'o2'),
      integration('t1', null),
      integration('t1', 'o1', { isLark: true }),
      integration('t1', 'o1', { appId: 'cli_2' })
    ].map(inboxKeyOf)
    expect(new Set(keys).size).toBe(keys.length)
    const other = { ...integration('t1', 'o1', { connectionMode: 'webhook', appSecret: 'new' }), id: 'i2' }
    expect(inboxKeyOf(other)).toBe(keys[0])
  })
})
