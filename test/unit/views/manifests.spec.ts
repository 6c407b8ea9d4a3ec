import { publicManifest } from '../../../playground/xpert-host/views/view-manifest'
import { everySituation, HOST_TYPE, manifestsFor, PROVIDER_KEY, SLOT, TabSituation } from '../../../src/views/manifests'

type Labelled = { key: string; label: { en_US: string; zh_Hans: string } }

const nameOf = ({ mode, isSwitchedOff, showsTexts }: TabSituation): string =>
  `${mode}, ${isSwitchedOff ? 'switched off' : 'on'}, ${showsTexts ? 'with' : 'without'} texts`

describe.each(everySituation.map((situation) => [nameOf(situation), situation] as const))(
  'the tabs of %s',
  (_, given) => {
    const manifests = manifestsFor(given)

    it('pass the rules of the host, which hides all of them for one fault', () => {
      for (const manifest of manifests) {
        const checked = publicManifest(manifest as never, PROVIDER_KEY, HOST_TYPE, SLOT)
        expect(checked.key).toBe(`${PROVIDER_KEY}__${manifest.key}`)
      }
      expect(manifests.map(({ key }) => key)).toEqual(['status', 'diagnosis', 'users', 'sessions', 'messages'])
    })

    it('have every label in both languages', () => {
      const labels = JSON.stringify(manifests).match(/\{"en_US":"[^"]*","zh_Hans":"[^"]*"\}/g) ?? []
      const named = JSON.stringify(manifests).match(/"(title|label|placeholder|message)":/g) ?? []
      expect(labels).toHaveLength(named.length)
      for (const label of labels) {
        const { en_US, zh_Hans } = JSON.parse(label) as { en_US: string; zh_Hans: string }
        expect([en_US.trim(), zh_Hans.trim()]).not.toContain('')
        expect(en_US).not.toMatch(/\p{Script=Han}/u)
      }
    })

    it('are what the page of the host renders well: six cards, six columns, two row actions, no type but text and datetime', () => {
      for (const { view, actions = [] } of manifests) {
        const { columns = [], items = [] } = view as {
          columns?: (Labelled & { key: string; dataType: string })[]
          items?: Labelled[]
        }
        expect(columns.length).toBeLessThanOrEqual(6)
        expect(items.length).toBeLessThanOrEqual(6)
        expect(columns.filter(({ dataType }) => !['text', 'datetime'].includes(dataType))).toEqual([])
        expect(actions.filter(({ placement }) => placement === 'row').length).toBeLessThanOrEqual(2)
      }
    })
  }
)

describe('the buttons of the Status tab', () => {
  const buttons = (situation: Partial<TabSituation>): unknown[] =>
    manifestsFor({ mode: 'long_connection', isSwitchedOff: false, showsTexts: false, ...situation })[0]!.actions!.map(
      ({ key }) => key
    )

  it('are those that the state allows', () => {
    expect(buttons({})).toEqual(['refresh', 'reconnect', 'disconnect'])
    expect(buttons({ isSwitchedOff: true })).toEqual(['refresh', 'connect'])
    expect(buttons({ mode: 'webhook' })).toEqual(['refresh'])
  })

  it('has the text of a message, where it is shown, in the place of its run', () => {
    const columnsOf = (showsTexts: boolean) => {
      const manifest = manifestsFor({ mode: 'webhook', isSwitchedOff: false, showsTexts }).find(
        ({ key }) => key === 'messages'
      )
      return (manifest!.view as { columns: { key: string }[] }).columns.map(({ key }) => key)
    }
    expect(columnsOf(false).at(-1)).toBe('run')
    expect(columnsOf(true)).toEqual([...columnsOf(false).slice(0, -1), 'text'])
  })
})
