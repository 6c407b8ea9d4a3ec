import { byApp, decideApp, Evidence, Verdict } from '../../../src/long-connection/app-decision'
import { LarkIntegration } from '../../../src/settings'
import { larkIntegration } from '../../support/lark-integration'

const APP = 'feishu:cli_0123456789abcdef'
const OWN = { tenantId: 'tenant-1', organizationId: 'organization-1' }
const OTHER = { tenantId: 'tenant-2', organizationId: 'organization-1' }

const integration = (id: string, appSecret = 'secret', scope = OWN): LarkIntegration =>
  larkIntegration({ connectionMode: 'long_connection', appSecret }, { id, ...scope })

describe('the apps that need a connection', () => {
  it('are told apart by their cloud, and are not those of integrations in webhook mode', () => {
    const lark = larkIntegration({ connectionMode: 'long_connection', region: 'lark' }, { id: 'b' })
    expect([...byApp([integration('a'), lark, larkIntegration()]).keys()]).toEqual([APP, 'lark:cli_0123456789abcdef'])
  })

  it('list their integrations in one order', () => {
    const apps = byApp([integration('b'), integration('a')])
    expect(apps.get(APP)?.map(({ id }) => id)).toEqual(['a', 'b'])
  })
})

describe('who shares the connection of an app', () => {
  let asked: string[]

  const decide = (
    candidates: LarkIntegration[],
    { verdicts = {}, ...evidence }: Partial<Evidence> & { verdicts?: Record<string, Verdict> } = {}
  ) => {
    asked = []
    const app = decideApp(APP, candidates, {
      isUnclear: () => false,
      verdictOf: ({ id }) => {
        asked.push(id)
        return verdicts[id] ?? 'unknown'
      },
      ...evidence
    })
    return app && { members: app.integrations.map(({ id }) => id), conflicts: app.conflicts }
  }
  const proven = (scope = OWN) => ({ recorded: { ...scope, isProven: true } })
  const conflict = (integrationId: string, code: string) => ({ integrationId, code })

  it('is everybody of one organisation with one secret, and Lark is not asked: the connection is the check', () => {
    expect(decide([integration('a'), integration('b')])).toEqual({ members: ['a', 'b'], conflicts: [] })
    expect(asked).toEqual([])
  })

  it('is, of one organisation, only those whose own secret Lark accepts', () => {
    const both = [integration('a', 'wrong'), integration('b')]
    expect(decide(both, { verdicts: { a: 'refused', b: 'accepted' } })).toEqual({
      members: ['b'],
      conflicts: [conflict('a', 'secret_refused')]
    })
    expect(decide(both, { verdicts: { b: 'accepted' } })).toEqual({
      members: ['b'],
      conflicts: [conflict('a', 'secret_unchecked')]
    })
  })

  it('is nobody new while Lark has not answered', () => {
    expect(decide([integration('a', 'one'), integration('b', 'two')])).toBeNull()
    expect(decide([integration('a'), integration('b', 'secret', OTHER)])).toBeNull()
    expect(decide([integration('a', 'one'), integration('b', 'two')], proven())).toBeNull()
  })

  it('is the organisation whose secret is right, not the first one', () => {
    const both = [integration('a', 'wrong', OTHER), integration('b')]
    expect(decide(both, { verdicts: { a: 'refused', b: 'accepted' } })).toEqual({
      members: ['b'],
      conflicts: [conflict('a', 'secret_refused')]
    })
    const recorded = { ...OTHER, isProven: false }
    expect(decide(both, { recorded, verdicts: { a: 'refused', b: 'accepted' } })?.members).toEqual(['b'])
  })

  it('stays with the organisation that proved itself, also after a restart, and the other one is told', () => {
    const both = [integration('a', 'secret', OTHER), integration('b')]
    const verdicts = { a: 'accepted', b: 'accepted' } as const
    expect(decide(both, { ...proven(), verdicts })).toEqual({
      members: ['b'],
      conflicts: [conflict('a', 'other_organization')]
    })
    expect(decide(both, { recorded: { ...OTHER, isProven: false }, verdicts })?.members).toEqual(['a'])
  })

  it('is nobody else while an integration of the organisation that proved itself can not be read', () => {
    const evidence = { ...proven(), isUnclear: ({ tenantId }: { tenantId: string }) => tenantId === OWN.tenantId }
    expect(decide([integration('a', 'secret', OTHER)], evidence)).toBeNull()
  })

  it('is the other organisation once the first one does not name the app any more', () => {
    expect(decide([integration('a', 'secret', OTHER)], proven())).toEqual({ members: ['a'], conflicts: [] })
  })

  it('is the first one where Lark accepts nobody, so that its failure says why', () => {
    const both = [integration('a', 'one'), integration('b', 'two')]
    expect(decide(both, { verdicts: { a: 'refused', b: 'refused' } })).toEqual({
      members: ['a'],
      conflicts: [conflict('b', 'secret_refused')]
    })
    const apart = [integration('a', 'one'), integration('b', 'two', OTHER)]
    expect(decide(apart, { verdicts: { a: 'refused', b: 'refused' } })?.members).toEqual(['a'])
  })
})
