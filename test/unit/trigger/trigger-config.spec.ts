import fc from 'fast-check'
import { parseTriggerConfig, TriggerConfig } from '../../../src/trigger/trigger-config'
import { triggerForm } from '../../../src/trigger/trigger-form'

const DEFAULTS = {
  enabled: true,
  integrationId: 'i',
  singleChatScope: 'all_users',
  singleChatUserOpenIds: [],
  allowedGroupScope: 'all_chats',
  allowedGroupChatIds: [],
  groupReplyStrategy: 'mention_only',
  groupUserScope: 'all_users',
  groupUserOpenIds: [],
  sessionTimeoutSeconds: 3600,
  summaryWindowSeconds: 0,
  summaryMaxWaitSeconds: 30,
  summaryMaxMessages: 20,
  sessionScope: 'chat',
  respondToBots: false,
  respondToMentionAll: false,
  outOfScopeReply: false,
  streaming: true,
  approverOpenIds: [],
  runIdleTimeoutSeconds: 600,
  attachmentMaxMiB: 20,
  historyMessages: 0,
  captureUnmentionedGroupMessages: false
}
const parse = (more: Record<string, unknown> = {}) => parseTriggerConfig({ integrationId: 'i', ...more })

describe('parseTriggerConfig', () => {
  it('needs an integration and nothing else', () => {
    expect(parse()).toEqual({ config: DEFAULTS, invalid: [] })
  })

  it.each([[undefined], [null], ['text'], [[]], [{}]])('names the missing integration in %j', (raw) => {
    expect(parseTriggerConfig(raw)).toEqual({ config: { ...DEFAULTS, integrationId: '' }, invalid: ['integrationId'] })
  })

  it('takes null for absent: the host saves it for fields that were shown once', () => {
    const nulls = Object.fromEntries(Object.keys(DEFAULTS).map((key) => [key, null]))
    expect(parse({ ...nulls, integrationId: 'i' })).toEqual({ config: DEFAULTS, invalid: [] })
  })

  it.each([
    [
      ['ou_1', 'ou_2'],
      ['ou_1', 'ou_2']
    ],
    [[null, 'ou_1', '', ' ou_1 ', 42], ['ou_1']],
    ['ou_1', ['ou_1']],
    [[null], []],
    ['', []],
    [{ 0: 'ou_1' }, []]
  ])('makes of the ids %j %j', (given, ids) => {
    expect(parse({ singleChatUserOpenIds: given, allowedGroupChatIds: given }).config).toMatchObject({
      singleChatUserOpenIds: ids,
      allowedGroupChatIds: ids
    })
  })

  it.each<[Record<string, unknown>, string[]]>([
    [{ enabled: 'yes' }, ['enabled']],
    [{ integrationId: '' }, ['integrationId']],
    [{ integrationId: 42 }, ['integrationId']],
    [{ singleChatScope: 'nobody' }, ['singleChatScope']],
    [{ allowedGroupScope: 7 }, ['allowedGroupScope']],
    [{ groupReplyStrategy: 'sometimes' }, ['groupReplyStrategy']],
    [{ singleChatScope: 'selected_users' }, ['singleChatUserOpenIds']],
    [{ singleChatScope: 'selected_users', singleChatUserOpenIds: [null] }, ['singleChatUserOpenIds']],
    [{ allowedGroupScope: 'selected_chats' }, ['allowedGroupChatIds']],
    [{ allowedGroupScope: 'selected_chats', allowedGroupChatIds: ['oc_1'] }, []],
    [{ groupUserScope: 'selected_users' }, ['groupUserOpenIds']],
    [{ summaryWindowSeconds: 61 }, ['summaryWindowSeconds']],
    [{ summaryWindowSeconds: 60 }, []],
    [{ summaryWindowSeconds: 1.5 }, ['summaryWindowSeconds']],
    [{ summaryMaxMessages: 1 }, ['summaryMaxMessages']],
    [{ runIdleTimeoutSeconds: 59 }, ['runIdleTimeoutSeconds']],
    [{ runIdleTimeoutSeconds: 3601 }, ['runIdleTimeoutSeconds']],
    [{ sessionTimeoutSeconds: -1 }, ['sessionTimeoutSeconds']],
    [{ sessionTimeoutSeconds: 'an hour' }, ['sessionTimeoutSeconds']],
    [{ sessionScope: 'everybody' }, ['sessionScope']]
  ])('names what is wrong in %j', (given, invalid) => {
    expect(parse(given).invalid).toEqual(invalid)
  })

  it('takes the default of what is wrong', () => {
    const wrong = { sessionTimeoutSeconds: 'an hour', runIdleTimeoutSeconds: 1, sessionScope: 'x', streaming: 'no' }
    expect(parse(wrong)).toEqual({ config: DEFAULTS, invalid: expect.arrayContaining(Object.keys(wrong)) as string[] })
  })

  it('keeps settings of a later version', () => {
    expect(parse({ colour: 'blue' }).config).toMatchObject({ colour: 'blue' })
  })

  it('takes the text of a number, as an input may save it', () => {
    expect(parse({ summaryWindowSeconds: '5' })).toMatchObject({ config: { summaryWindowSeconds: 5 }, invalid: [] })
  })

  it.each<[Record<string, unknown>, string[]]>([
    [{ x: { constructor: [] } }, []],
    [{ constructor: [] }, []],
    [JSON.parse('{"__proto__": {"enabled": false}, "toString": 1}') as Record<string, unknown>, []],
    [{ sessionScope: { constructor: [] } }, ['sessionScope']],
    [{ singleChatScope: [{ constructor: [] }] }, ['singleChatScope']],
    [{ singleChatUserOpenIds: [{ constructor: [] }], approverOpenIds: { constructor: [] } }, []],
    [{ historyMessages: { then: { constructor: [] } } }, ['historyMessages']]
  ])('takes no field for a class: %j', (given, invalid) => {
    const parsed = parseTriggerConfig({ integrationId: 'i', ...given })
    expect({ ...parsed.config }).toMatchObject(DEFAULTS)
    expect(parsed.invalid).toEqual(invalid)
    expect(parsed.config).toBeInstanceOf(TriggerConfig)
  })

  it('reads again what it wrote', () => {
    const { config } = parse({ singleChatScope: 'selected_users', singleChatUserOpenIds: 'ou_1', later: { a: 1 } })
    expect(parseTriggerConfig(JSON.parse(JSON.stringify(config)))).toEqual({ config, invalid: [] })
  })

  it('is of its types, whatever is stored', () => {
    const names = [...Object.keys(DEFAULTS), 'constructor', '__proto__', 'then', 'later']
    const stored = fc.dictionary(fc.constantFrom(...names), fc.object({ key: fc.constantFrom(...names), maxDepth: 2 }))
    const given = fc.oneof(stored, fc.dictionary(fc.constantFrom(...names), fc.jsonValue()), fc.jsonValue())
    fc.assert(
      fc.property(given, (raw) => {
        const { config } = parseTriggerConfig(JSON.parse(JSON.stringify(raw)))
        for (const [name, value] of Object.entries(DEFAULTS)) {
          expect(typeof config[name as keyof TriggerConfig]).toBe(typeof value)
        }
      }),
      { seed: 20_261_201, numRuns: 500 }
    )
  })

  it('shares no list between two configs', () => {
    expect(parse().config.singleChatUserOpenIds).not.toBe(parse().config.singleChatUserOpenIds)
  })
})

describe('the trigger’s form', () => {
  const properties = triggerForm.properties as Record<
    string,
    { type: string; title: unknown; default?: unknown; enum?: string[]; 'x-ui'?: { enumLabels?: object } }
  >

  it('has a field for every setting, and no other', () => {
    expect(Object.keys(properties).sort()).toEqual(Object.keys(new TriggerConfig()).sort())
  })

  it('offers only what is accepted', () => {
    for (const [name, field] of Object.entries(properties)) {
      if ('default' in field)
        expect(parse({ [name]: field.default })).toMatchObject({
          invalid: [],
          config: { [name]: DEFAULTS[name as keyof typeof DEFAULTS] }
        })
      for (const value of field.enum ?? []) expect(parse({ [name]: value }).invalid).not.toContain(name)
    }
  })

  it('labels everything in both languages', () => {
    const label = { en_US: expect.stringMatching(/\S/) as string, zh_Hans: expect.stringMatching(/\S/) as string }
    for (const field of Object.values(properties)) {
      expect(field.title).toEqual(label)
      const labels = field['x-ui']?.enumLabels ?? {}
      expect(Object.keys(labels).sort()).toEqual([...(field.enum ?? [])].sort())
      for (const each of Object.values(labels)) expect(each).toEqual(label)
    }
  })

  it('has no array field: the host’s renderer saves [null] from one', () => {
    expect(Object.values(properties).filter(({ type }) => type === 'array')).toEqual([])
  })
})
