import { readFormerBinding } from '../../../src/trigger/former-bindings'

describe('a row of the public plugin’s bindings', () => {
  it.each<[string, Record<string, unknown>]>([
    [
      'columns of their own, as its siblings spell them',
      { id: 'b', integrationId: 'i', xpertId: 'x', tenantId: 't', createdAt: 'now', groupReplyStrategy: 'all_messages' }
    ],
    [
      'columns with underscores',
      {
        id: 'b',
        integration_id: 'i',
        xpert_id: 'x',
        tenant_id: 't',
        created_at: 'now',
        group_reply_strategy: 'all_messages'
      }
    ],
    ['one JSON column', { integrationId: 'i', xpertId: 'x', config: { groupReplyStrategy: 'all_messages' } }],
    ['one JSON column as text', { integrationId: 'i', xpertId: 'x', config: '{"groupReplyStrategy":"all_messages"}' }],
    [
      'a JSON column that names another integration',
      { integrationId: 'i', xpertId: 'x', config: { integrationId: 'other', groupReplyStrategy: 'all_messages' } }
    ]
  ])('is read with %s', (_what, row) => {
    expect(readFormerBinding(row)).toEqual({
      integrationId: 'i',
      xpertId: 'x',
      config: { integrationId: 'i', groupReplyStrategy: 'all_messages' }
    })
  })

  it('takes nothing from columns that say nothing', () => {
    expect(readFormerBinding({ integrationId: 'i', xpertId: 'x', config: null, groupReplyStrategy: null })).toEqual({
      integrationId: 'i',
      xpertId: 'x',
      config: { integrationId: 'i' }
    })
  })

  it.each([[{}], [{ integrationId: 'i' }], [{ xpertId: 'x' }], [{ integrationId: ' ', xpertId: 'x' }]])(
    'is none when it is %j',
    (row) => {
      expect(readFormerBinding(row)).toBeNull()
    }
  )
})
