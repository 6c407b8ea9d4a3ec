import { DataSource } from 'typeorm'
import { HeldReply } from '../../src/reply/held-reply'
import { ReplyLedger } from '../../src/reply/reply-ledger.repository'
import { deterministicUuid, LeaseLostError } from '../../src/shared'
import { createTestDatabase, TestDatabase } from '../support/database'
import { openPluginTables } from '../support/plugin-tables'

const OWNER = { turnId: deterministicUuid('turn'), integrationId: 'integration', chatId: 'oc_1' }
const FRAME_AT = new Date('2026-03-01T10:00:00Z')

describe('ReplyLedger', () => {
  let database: TestDatabase
  let dataSource: DataSource
  let ledger: ReplyLedger

  beforeAll(async () => {
    database = await createTestDatabase()
    dataSource = await openPluginTables(database.url)
    ledger = new ReplyLedger(dataSource)
  })

  beforeEach(() => database.query(`TRUNCATE plugin_lark_reply`))

  afterAll(async () => {
    await dataSource.destroy()
    await database.drop()
  })

  const expire = () => database.query(`UPDATE plugin_lark_reply SET flush_expires_at = now() - interval '1 second'`)
  const row = async () => (await database.query(`SELECT * FROM plugin_lark_reply`))[0]!

  it('opens one row a turn and gives its lease to one of many', async () => {
    const held = await Promise.all(Array.from({ length: 12 }, () => ledger.acquire(OWNER)))
    expect(held.filter((one) => one !== null)).toHaveLength(1)
    expect(await database.query(`SELECT turn_id FROM plugin_lark_reply`)).toEqual([{ turn_id: OWNER.turnId }])
  })

  it('gives the next holder what the last one showed', async () => {
    const held = (await ledger.acquire(OWNER))!
    expect(held).toMatchObject({ phase: 'idle', current: { messageId: null }, lastFrameAt: null })
    const shown = {
      phase: 'streaming' as const,
      form: 'entity' as const,
      current: { messageId: 'om_2', cardId: '7', sequence: 9, replaces: undefined },
      former: [{ messageId: 'om_1', cardId: '6', sequence: 3, shown: 'digest' }],
      lastFrameAt: FRAME_AT,
      streamingSince: FRAME_AT,
      text: 'text',
      fault: { reaction: 'unknown_outcome' as const, api: 'im.message.reply', larkCode: 0, httpStatus: 502 }
    }
    await ledger.save({ ...held, ...shown })
    await ledger.release(held)
    const next = (await ledger.acquire(OWNER))!
    expect(next).toMatchObject(shown)
    expect(next.flushToken).not.toBe(held.flushToken)
  })

  it('gives the next holder which files are to follow, also behind a single message', async () => {
    const held = (await ledger.acquire(OWNER))!
    expect(held.filesBehind).toEqual([])
    await ledger.save({ ...held, filesBehind: [0, 2] })
    await ledger.release(held)
    expect((await ledger.acquire(OWNER))?.filesBehind).toEqual([0, 2])
  })

  it('ends the lease with the last write, and learns of a reaction that was noted meanwhile', async () => {
    const held = (await ledger.acquire(OWNER))!
    expect(await ledger.noteReaction(OWNER, 'r_1')).toEqual({ phase: 'idle', former: null })
    const last = { ...held, phase: 'complete' as const, released: true }
    await ledger.save(last)
    expect(last.reactionId).toBe('r_1')
    expect(await row()).toMatchObject({ flush_token: null, flush_expires_at: null, phase: 'complete' })
    expect(await ledger.noteReaction(OWNER, 'r_2')).toEqual({ phase: 'complete', former: 'r_1' })
  })

  it('holds the lease for some seconds from the last write', async () => {
    const held = (await ledger.acquire(OWNER))!
    await database.query(`UPDATE plugin_lark_reply SET flush_expires_at = now() + interval '1 second'`)
    await ledger.save(held)
    const [left] = await database.query<{ s: number }>(
      `SELECT extract(epoch FROM flush_expires_at - now())::float8 AS s FROM plugin_lark_reply`
    )
    expect(left!.s).toBeGreaterThan(5)
    expect(await ledger.acquire(OWNER)).toBeNull()
  })

  it('lets the former holder of an expired lease write nothing', async () => {
    const old = (await ledger.acquire(OWNER))!
    await expire()
    const next = (await ledger.acquire(OWNER))!
    await expect(ledger.save({ ...old, current: { ...old.current, messageId: 'om_old' } })).rejects.toThrow(
      LeaseLostError
    )
    await expect(ledger.release(old)).rejects.toThrow(LeaseLostError)
    expect(await row()).toMatchObject({ message_id: null, flush_token: next.flushToken })
  })

  it('lets a holder whose lease ran out unnoticed go on, as long as nobody took it', async () => {
    const held = (await ledger.acquire(OWNER))!
    await expire()
    await ledger.save({ ...held, current: { ...held.current, messageId: 'om_1' } })
    expect(await ledger.acquire(OWNER)).toBeNull()
  })

  it('is held longer with every renewal, but only by its holder', async () => {
    const old = (await ledger.acquire(OWNER))!
    await expire()
    await ledger.renew(old)
    expect(await ledger.acquire(OWNER)).toBeNull()
    await expire()
    const next = (await ledger.acquire(OWNER))!
    await expire()
    await expect(ledger.renew(old)).rejects.toThrow(LeaseLostError)
    expect(await ledger.acquire(OWNER)).not.toMatchObject({ flushToken: next.flushToken })
  })

  it('counts from when an answer came to rest how long its text is kept, however often its end is tried again', async () => {
    const held = (await ledger.acquire(OWNER))!
    await ledger.save({ ...held, phase: 'failed', text: 'text' }, true)
    await database.query(`UPDATE plugin_lark_reply SET updated_at = now() - interval '8 days'`)
    await ledger.save({ ...held, phase: 'failed', text: 'text' })
    const weekAgo = new Date(Date.now() - 7 * 86_400_000)
    expect(await ledger.scrub(weekAgo, 10)).toBe(1)
    expect(await row()).toMatchObject({ phase: 'failed', text: null })
  })

  describe('a reaction beside an answer', () => {
    const SIGN = { turnId: OWNER.turnId, reactionId: 'r_1' }
    const fallDue = () => database.query(`UPDATE plugin_lark_reply SET sign_due_at = now() - interval '1 second'`)
    const rest = async (reply: HeldReply): Promise<void> => {
      await ledger.save({ ...reply, phase: 'failed', released: true }, true)
    }

    it('is nobody’s to remove while the answer is coming, nor at once when it is there', async () => {
      const held = (await ledger.acquire(OWNER))!
      await ledger.noteReaction(OWNER, 'r_1')
      await ledger.save(held)
      expect(await row()).toMatchObject({ reaction_id: 'r_1', sign_due_at: null })
      await rest(held)
      expect(await row()).toMatchObject({ reaction_id: 'r_1', sign_due_at: expect.any(Date) as Date })
      expect(await ledger.takeLeftSigns(10)).toEqual([])
    })

    it('is handed to one of many when it is left, and again after a while', async () => {
      const held = (await ledger.acquire(OWNER))!
      await ledger.noteReaction(OWNER, 'r_1')
      await rest(held)
      await fallDue()
      const taken = await Promise.all(Array.from({ length: 6 }, () => ledger.takeLeftSigns(10)))
      expect(taken.flat()).toEqual([SIGN])
      await fallDue()
      expect(await ledger.takeLeftSigns(10)).toEqual([SIGN])
    })

    it('is due, too, where it was noted behind the end', async () => {
      await rest((await ledger.acquire(OWNER))!)
      await ledger.noteReaction(OWNER, 'r_1')
      await fallDue()
      expect(await ledger.takeLeftSigns(10)).toEqual([SIGN])
    })

    it('is forgotten once it is gone', async () => {
      const held = (await ledger.acquire(OWNER))!
      await ledger.noteReaction(OWNER, 'r_1')
      await rest(held)
      await ledger.forgetSigns([SIGN])
      expect(await row()).toMatchObject({ reaction_id: null, sign_due_at: null })
    })

    it('stays where the answer has started over since', async () => {
      const held = (await ledger.acquire(OWNER))!
      await ledger.noteReaction(OWNER, 'r_1')
      await rest(held)
      await dataSource.transaction((manager) => ledger.reopen(manager, OWNER.turnId))
      await ledger.noteReaction(OWNER, 'r_1')
      await ledger.forgetSigns([SIGN])
      expect(await row()).toMatchObject({ reaction_id: 'r_1', sign_due_at: null })
    })
  })

  it('keeps the text of its holder, and of no former one', async () => {
    const keep = (reply: HeldReply, markdown: string) =>
      dataSource.transaction((manager) => ledger.keepText(manager, reply, markdown))
    const old = (await ledger.acquire(OWNER))!
    await expire()
    const next = (await ledger.acquire(OWNER))!
    await keep(next, 'what is shown')
    await expect(keep(old, 'what was shown')).rejects.toThrow(LeaseLostError)
    expect(await row()).toMatchObject({ text: 'what is shown' })
  })
})
