import { Readable } from 'node:stream'
import { TurnAttachments } from '../../../../src/conversation/question/turn-attachments'
import { HostFiles } from '../../../../src/host'
import { LarkApp, LarkContentApi, LarkContents } from '../../../../src/lark'
import { eventually } from '../../../support/eventually'

const QUESTIONS = 60
const DOWNLOADS = 32

describe('the files of questions', () => {
  it('are on disk only while they have a place, however long the host takes for each', async () => {
    let opened = 0
    const handed: (() => void)[] = []
    const contents = {
      for: () =>
        ({
          openResource: async () => {
            opened += 1
            return { stream: Readable.from([Buffer.alloc(10, 1)]), bytes: 10 }
          }
        }) as Partial<LarkContentApi> as LarkContentApi
    } as Partial<LarkContents> as LarkContents
    const host = {
      store: () => new Promise((resolve) => handed.push(() => resolve('lark/a.txt')))
    } as Partial<HostFiles> as HostFiles
    const attachments = new TurnAttachments(contents, host)
    const owner = { tenantId: 'tenant', organizationId: null, xpertId: 'xpert' }
    const share = { take: async () => false }
    const reading = { app: {} as LarkApp, owner, maxMiB: 1, share, signal: new AbortController().signal }
    const read = Array.from({ length: QUESTIONS }, (_, index) =>
      attachments.read([{ messageId: 'om', resource: { kind: 'file', key: `k${index}`, name: 'a.txt' } }], reading)
    )
    await eventually('the first are handed over', async () => handed.length === 2)
    await eventually('all places are taken', async () => opened === DOWNLOADS)
    let most = 0
    let ended = 0
    for (const done of read) void done.then(() => (ended += 1))
    await eventually('all are handed over', async () => {
      most = Math.max(most, opened - ended)
      handed.shift()?.()
      return ended === QUESTIONS
    })
    expect(opened).toBe(QUESTIONS)
    expect(most).toBeLessThanOrEqual(DOWNLOADS)
  })
})
