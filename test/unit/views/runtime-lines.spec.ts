import { DirectoryRead, ReadProgress } from '../../../src/directory'
import { ConnectionStatuses } from '../../../src/long-connection'
import { RuntimeLines } from '../../../src/views/runtime-lines'
import { larkIntegration } from '../../support/lark-integration'
import { aloneInstance } from '../../support/webhook-parts'

const failed = (reason: ReadProgress['reason']): ReadProgress => ({
  state: 'failed',
  startedAt: '2026-03-01T12:00:00Z',
  endedAt: '2026-03-01T12:01:00Z',
  ...{ calls: 3, users: 2, chats: 1, skipped: 0, open: 0 },
  missing: [],
  reason
})

describe('what Diagnosis says of a read that failed', () => {
  it.each([
    ['lark_refused', /because Lark refused the rest/],
    ['integration_gone', /because the integration was removed or can not be used/]
  ] as const)('names why: %s', async (reason, sentence) => {
    const progress: Pick<DirectoryRead, 'progressOf'> = { progressOf: async () => failed(reason) }
    const lines = new RuntimeLines({} as ConnectionStatuses, aloneInstance(), progress as DirectoryRead)
    const found = await lines.of(larkIntegration(), 'en-US')
    expect(found.find(({ id }) => id === 'directory_read')!.cause).toMatch(sentence)
  })
})
