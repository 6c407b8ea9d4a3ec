import { parseMessageSearch } from '../../../src/views/message-search'

const NOW = new Date('2026-03-10T12:00:00Z')
const DAY_MS = 86_400_000
const ago = (ms: number) => new Date(NOW.getTime() - ms)

describe('a search in the Messages tab', () => {
  const parse = (search?: string) => parseMessageSearch({ search }, NOW)

  it('is the last seven days when nothing is said', () => {
    expect(parse()).toEqual({
      from: ago(7 * DAY_MS),
      until: new Date(NOW.getTime() + DAY_MS),
      states: [],
      reasons: [],
      ids: [],
      names: []
    })
  })

  it.each([
    ['failed', ['failed']],
    ['Waiting', ['received', 'claimed', 'attached']],
    ['已忽略 失败', ['refused', 'failed']]
  ])('takes outcomes by their words: %s', (search, states) => {
    expect(parse(search)).toMatchObject({ states, ids: [] })
  })

  it('takes a reason code, and a time back from now', () => {
    expect(parse('not_mentioned 24h')).toMatchObject({ reasons: ['not_mentioned'], from: ago(DAY_MS), ids: [] })
    expect(parse('90m').from).toEqual(ago(90 * 60_000))
  })

  it('takes one day', () => {
    expect(parse('2026-03-01')).toMatchObject({
      from: new Date('2026-03-01T00:00:00Z'),
      until: new Date('2026-03-02T00:00:00Z')
    })
  })

  it('takes pasted ids, however they are separated, and then looks further back', () => {
    const { ids, from } = parse(' om_1,oc_2；ou_3 ')
    expect(ids).toEqual(['om_1', 'oc_2', 'ou_3'])
    expect(from.getTime()).toBeLessThan(ago(365 * DAY_MS).getTime())
    expect(parse('om_1 7d').from).toEqual(ago(7 * DAY_MS))
  })

  it('takes words that are no ids for parts of names, and looks no further back for them', () => {
    const pasted = ['om_x100b4', 'oc_a8', 'ou_7', 'omt_1', '0b6bf8a2-3c1f-4c3e-9d53-0a8c1f6f8a11']
    expect(parse(pasted.join(' '))).toMatchObject({ ids: pasted, names: [] })
    expect(parse('Mei 王 failed 24h')).toMatchObject({ ids: [], names: ['Mei', '王'], states: ['failed'] })
    expect(parse('Mei').from).toEqual(ago(7 * DAY_MS))
  })

  it('looks for a few words', () => {
    expect(parse('a b c d e f g').names).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  it('takes the filters of the host', () => {
    const filters = [
      { key: 'outcome', operator: 'in', value: ['failed', 'refused'] },
      { key: 'time', operator: 'gte', value: '2026-03-09T00:00:00Z' },
      { key: 'time', operator: 'lt', value: '2026-03-10T00:00:00Z' }
    ]
    expect(parseMessageSearch({ filters }, NOW)).toEqual({
      from: new Date('2026-03-09T00:00:00Z'),
      until: new Date('2026-03-10T00:00:00Z'),
      states: ['failed', 'refused'],
      reasons: [],
      ids: [],
      names: []
    })
  })

  it.each(['2026-99-99', "'; DROP TABLE x --", '%', 'constructor'])('treats %s as a name that nobody has', (search) => {
    expect(parse(search).names.length).toBeGreaterThan(0)
    expect(parse(search).ids).toEqual([])
  })
})
