import { InstanceRegistry } from '../../../src/cluster'
import { DirectoryRead, ReadProgress } from '../../../src/directory'
import { CALLS_PART } from '../../../src/lark'
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
    ['lark_unreachable', /because Lark could not be asked just then/],
    ['integration_gone', /because the integration was removed or can not be used/],
    ['of_a_newer_version' as 'lark_refused', /^Ended at/]
  ] as const)('names why: %s', async (reason, sentence) => {
    const progress: Pick<DirectoryRead, 'progressOf'> = { progressOf: async () => failed(reason) }
    const lines = new RuntimeLines({} as ConnectionStatuses, aloneInstance(), progress as DirectoryRead)
    const found = await lines.of(larkIntegration(), 'en-US')
    expect(found.find(({ id }) => id === 'directory_read')!.cause).toMatch(sentence)
  })
})

describe('what Diagnosis says of a read for which permissions are missing', () => {
  it('names those that this version knows, where a newer one has read', async () => {
    const missing = ['groups', 'of_a_newer_version'] as ReadProgress['missing']
    const progress: Pick<DirectoryRead, 'progressOf'> = {
      progressOf: async () => ({ ...failed(undefined), state: 'done', missing })
    }
    const lines = new RuntimeLines({} as ConnectionStatuses, aloneInstance(), progress as DirectoryRead)
    const found = await lines.of(larkIntegration(), 'en-US')
    expect(found.find(({ id }) => id === 'directory_read')!.cause).toMatch(
      /refused\. Groups need [\w ]+ im:chat:readonly\.$/
    )
  })
})

describe('what Diagnosis says of calls that Lark refused', () => {
  it('names every reason, and one that only a newer version knows as another one', async () => {
    const figures = { [CALLS_PART]: { failed: { no_topics: 3, forbidden: 2, of_a_newer_version: 1 } } }
    const instances: Pick<InstanceRegistry, 'list'> = {
      list: async () => [{ id: '1f0c9d0e-8a57', hostName: 'host', startedAt: new Date(0), figures }]
    }
    const read: Pick<DirectoryRead, 'progressOf'> = { progressOf: async () => null }
    const lines = new RuntimeLines({} as ConnectionStatuses, instances as InstanceRegistry, read as DirectoryRead)
    const found = await lines.of(larkIntegration(), 'en-US')
    expect(found.find(({ id }) => id === 'calls_failed')!.cause).toBe(
      'no replies in a topic here: 3, a missing permission: 2, another reason: 1'
    )
  })
})
