import { Logger } from '@nestjs/common'
import { PluginConfigReader, pluginConfigSchema } from '../../../src/cluster'

const DEFAULTS = {
  endpoints: { feishu: 'https://open.feishu.cn', lark: 'https://open.larksuite.com' },
  retention: { payloadDays: 3, rowDays: 30 },
  answers: { fetchImages: true },
  views: { messageTexts: false },
  limits: { concurrentMessages: 64 }
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
    [{ retention: { rowDays: '30' } }],
    [{ limits: { concurrentMessages: 0 } }]
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

  it('keeps what can be used beside a value that can not, and names that one', () => {
    const lines: string[] = []
    const spy = jest
      .spyOn(Logger.prototype, 'error')
      .mockImplementation((line: unknown) => void lines.push(String(line)))
    const endpoints = { feishu: 'https://lark.example.org', lark: 'nonsense' }
    const config = new PluginConfigReader(() => ({ endpoints, retention: { rowDays: -1, payloadDays: 2 } })).read()
    spy.mockRestore()
    expect(config.endpoints).toEqual({ ...DEFAULTS.endpoints, feishu: 'https://lark.example.org' })
    expect(config.retention).toEqual({ payloadDays: 2, rowDays: 30 })
    expect(lines).toEqual([expect.stringMatching(/fields=endpoints\.lark, retention\.rowDays/)])
  })

  it.each([[undefined], [null], ['text'], [{ endpoints: { lark: 42 } }]])(
    'uses the defaults for %j, which the host passes on unparsed',
    (raw) => {
      expect(new PluginConfigReader(() => raw).read()).toEqual(DEFAULTS)
    }
  )
})
