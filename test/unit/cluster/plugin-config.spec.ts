import { PluginConfigReader, pluginConfigSchema } from '../../../src/cluster'

const DEFAULTS = {
  endpoints: { feishu: 'https://open.feishu.cn', lark: 'https://open.larksuite.com' },
  retention: { payloadDays: 3, rowDays: 30 }
}

describe('the plugin config', () => {
  it('has defaults for everything', () => {
    expect(pluginConfigSchema.parse({})).toEqual(DEFAULTS)
  })

  it('takes the endpoints of a private deployment, without their trailing slash', () => {
    const config = pluginConfigSchema.parse({ endpoints: { feishu: 'https://lark.example.org/open//' } })
    expect(config.endpoints).toEqual({ ...DEFAULTS.endpoints, feishu: 'https://lark.example.org/open' })
  })

  it.each([
    [{ endpoints: { feishu: 'not a url' } }],
    [{ endpoints: 'https://open.feishu.cn' }],
    [{ retention: { payloadDays: 0 } }],
    [{ retention: { rowDays: '30' } }]
  ])('refuses %j', (config) => {
    expect(pluginConfigSchema.safeParse(config).success).toBe(false)
  })
})

describe('PluginConfigReader', () => {
  it('follows the config object that the host replaces', () => {
    let live: unknown = {}
    const reader = new PluginConfigReader(() => live)
    expect(reader.read()).toEqual(DEFAULTS)
    live = { retention: { rowDays: 7 } }
    expect(reader.read().retention).toEqual({ payloadDays: 3, rowDays: 7 })
  })

  it('parses one object once', () => {
    const reader = new PluginConfigReader(() => undefined)
    expect(reader.read()).toBe(reader.read())
  })

  it.each([[undefined], [null], ['text'], [{ endpoints: { lark: 42 } }]])(
    'uses the defaults for %j, which the host passes on unparsed',
    (raw) => {
      expect(new PluginConfigReader(() => raw).read()).toEqual(DEFAULTS)
    }
  )
})
