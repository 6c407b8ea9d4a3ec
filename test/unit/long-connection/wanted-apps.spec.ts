import { LarkIntegration } from '../../../src/settings'
import { wantedApps } from '../../../src/long-connection/wanted-apps'
import { larkIntegration } from '../../support/lark-integration'

const integration = (id: string, patch: Partial<LarkIntegration> = {}): LarkIntegration =>
  larkIntegration({ connectionMode: 'long_connection' }, { id, ...patch })
const APP = 'feishu:cli_0123456789abcdef'
const nobody = () => undefined
const summary = (wanted: ReturnType<typeof wantedApps>) => ({
  apps: [...wanted.apps.values()].map(({ appKey, integrations }) => [appKey, integrations.map(({ id }) => id)]),
  conflicts: wanted.conflicts.map(({ id }) => id)
})

describe('the apps that need a connection', () => {
  it('are shared by the integrations of one organisation', () => {
    expect(summary(wantedApps([integration('b'), integration('a')], nobody))).toEqual({
      apps: [[APP, ['a', 'b']]],
      conflicts: []
    })
  })

  it('are told apart by their cloud', () => {
    const lark = larkIntegration({ connectionMode: 'long_connection', region: 'lark' }, { id: 'b' })
    expect([...wantedApps([integration('a'), lark], nobody).apps.keys()]).toEqual([APP, 'lark:cli_0123456789abcdef'])
  })

  it('are not those of integrations in webhook mode', () => {
    expect(summary(wantedApps([larkIntegration()], nobody))).toEqual({ apps: [], conflicts: [] })
  })

  it('belong to the first one by id when two organisations name the same app', () => {
    const other = integration('a', { organizationId: 'other' })
    expect(summary(wantedApps([integration('b'), other], nobody))).toEqual({ apps: [[APP, ['a']]], conflicts: ['b'] })
  })

  it('stay with the organisation that holds the connection', () => {
    const holder = { tenantId: 'tenant-1', organizationId: 'organization-1' }
    const other = integration('a', { organizationId: 'other' })
    expect(summary(wantedApps([integration('b'), other], () => holder))).toEqual({
      apps: [[APP, ['b']]],
      conflicts: ['a']
    })
    expect(summary(wantedApps([other], () => holder))).toEqual({ apps: [[APP, ['a']]], conflicts: [] })
  })
})
