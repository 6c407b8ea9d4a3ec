import { DataSource } from 'typeorm'
import { LarkApp } from '../../src/lark'
import { AppForms } from '../../src/reply/app-forms'
import { HeldReply } from '../../src/reply/held-reply'
import { ReplyLedger } from '../../src/reply/reply-ledger.repository'
import { ReplyTarget, ReplyWriter } from '../../src/reply/reply-writer'
import { TypingSign } from '../../src/reply/typing-sign'
import { deterministicUuid, LeaseLostError } from '../../src/shared'
import { FixedClock } from '../support/conversation-parts'
import { createTestDatabase, TestDatabase } from '../support/database'
import { eventually } from '../support/eventually'
import { FakeLark, LarkCall, larkError } from '../support/fake-lark'
import { openPluginTables } from '../support/plugin-tables'
import { SteadyTime } from '../support/steady-time'

const NOW = new Date('2026-03-01T10:00:00Z')
const APP: LarkApp = { appId: 'cli_1', appSecret: 's', region: 'feishu' }
const TARGET: ReplyTarget = {
  turnId: deterministicUuid('turn'),
  integrationId: 'i',
  chatId: 'oc_1',
  anchorMessageId: 'om_person',
  inThread: false
}
const WHOLE = 'Hello, the whole answer.'
const LONG = Array.from({ length: 500 }, (_, index) => `line ${index} ${'x'.repeat(90)}`).join('\n')

describe('an answer whose process stood still while another one ended it', () => {
  let database: TestDatabase
  let dataSource: DataSource
  let time: SteadyTime
  let lark: FakeLark
  let first: ReplyWriter
  let second: ReplyWriter
  let held: HeldReply

  beforeAll(async () => {
    database = await createTestDatabase()
    dataSource = await openPluginTables(database.url)
  })

  beforeEach(async () => {
    await database.query(`TRUNCATE plugin_lark_reply`)
    time = new SteadyTime()
    lark = new FakeLark()
    first = writer()
    second = writer()
  })

  afterEach(() => time.end())

  afterAll(async () => {
    await dataSource.destroy()
    await database.drop()
  })

  const writer = (): ReplyWriter => {
    const clock = new FixedClock(NOW)
    const ledger = new ReplyLedger(dataSource)
    return new ReplyWriter(lark, ledger, new AppForms(lark, clock), new TypingSign(lark, ledger, clock), clock)
  }
  const show = (markdown: string): Promise<void> => first.show(APP, TARGET, held, { markdown, note: 'Working' })
  const begin = async (form: 'card' | 'entity', markdown: string): Promise<void> => {
    if (form === 'entity') lark.scopes = new Set(['cardkit:card:write'])
    held = (await first.hold(TARGET))!
    await show(markdown)
  }
  /** The other process takes the lease that has run out, and shows the end. */
  const takeOver = async (): Promise<void> => {
    await database.query(`UPDATE plugin_lark_reply SET flush_expires_at = now() - interval '1 second'`)
    const next = (await second.hold(TARGET))!
    expect(await second.finish(APP, TARGET, next, { markdown: WHOLE }, 'complete')).toBe('delivered')
    lark.calls.length = 0
  }
  const shown = (): string => JSON.stringify([...lark.shown.values()])
  const isUnchangedAfter = async (work: () => Promise<unknown>): Promise<void> => {
    const before = shown()
    await expect(work()).rejects.toThrow(LeaseLostError)
    expect(before).toContain(WHOLE)
    expect(shown()).toBe(before)
  }

  describe.each(['card', 'entity'] as const)('as a %s', (form) => {
    it('keeps its end: a frame of the former holder does not reach Lark', async () => {
      await begin(form, 'Hel')
      time.pass(16)
      await takeOver()
      await isUnchangedAfter(() => show('Hello, th'))
      expect(lark.names()).toEqual([])
    })

    it('keeps its end: neither does another last frame, nor a further card', async () => {
      await begin(form, 'Hel')
      time.pass(16)
      await takeOver()
      await isUnchangedAfter(() => first.finish(APP, TARGET, held, { markdown: LONG }, 'failed'))
      expect(lark.names()).toEqual([])
    })

    it('keeps its end where the former holder has already heard that the lease is another’s', async () => {
      await begin(form, 'Hel')
      await takeOver()
      await expect(new ReplyLedger(dataSource).renew(held)).rejects.toThrow(LeaseLostError)
      await isUnchangedAfter(() => show('Hello, th'))
      expect(lark.names()).toEqual([])
    })

    it('keeps its end where a last frame is repeated', async () => {
      await begin(form, 'Hel')
      const before = lark.calls.length
      lark.fail(() => true, larkError('retry'), { times: 1 })
      const last = first.finish(APP, TARGET, held, { markdown: 'Hello, th' }, 'failed')
      const refused = expect(last).rejects.toThrow(LeaseLostError)
      await eventually('Lark was asked once', async () => lark.calls.length > before)
      time.pass(16)
      await takeOver()
      await refused
      expect(lark.names()).toEqual([])
      expect(shown()).toContain(WHOLE)
    })

    it('asks the database nothing more while the lease was written just now', async () => {
      await begin(form, 'Hel')
      const query = jest.spyOn(dataSource, 'query')
      await show('Hello, th')
      expect(query).toHaveBeenCalledTimes(1)
      time.pass(8)
      query.mockClear()
      await show('Hello, the')
      expect(query).toHaveBeenCalledTimes(2)
      query.mockRestore()
    })
  })

  it('of several cards is not taken back by the former holder', async () => {
    await begin('card', LONG)
    time.pass(16)
    await database.query(`UPDATE plugin_lark_reply SET flush_expires_at = now() - interval '1 second'`)
    expect(await second.hold(TARGET)).not.toBeNull()
    const before = shown()
    await expect(show('short')).rejects.toThrow(LeaseLostError)
    expect(shown()).toBe(before)
  })

  describe('that streams, before the former holder can know that its lease has run out', () => {
    const isText = ({ name }: LarkCall): boolean => name === 'setCardText'

    it('keeps its end where Lark refuses the number', async () => {
      await begin('entity', 'Hel')
      await takeOver()
      await isUnchangedAfter(() => show('Hello, th'))
      expect(lark.names()).toEqual(['setCardText'])
    })

    it('keeps its end where Lark refuses to stream', async () => {
      await begin('entity', 'Hel')
      await takeOver()
      lark.fail(isText, larkError('stream_closed'), { times: 1 })
      await isUnchangedAfter(() => show('Hello, th'))
      expect(lark.names()).toEqual(['setCardText'])
    })

    it('goes on past the numbers of a process that died, whose lease it has', async () => {
      await begin('entity', 'Hel')
      lark.fail(isText, larkError('sequence'), { times: 1 })
      await show('Hello, th')
      expect(shown()).toContain('Hello, th')
    })
  })
})
