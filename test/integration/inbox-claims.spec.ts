import { DataSource } from 'typeorm'
import { ClaimedEvent, InboxRepository, NewInboundEvent, RecallRepository, SenderEvents } from '../../src/inbox'
import { MOST_REPETITIONS } from '../../src/inbox/inbox.repository'
import { deterministicUuid } from '../../src/shared'
import { createTestDatabase, TestDatabase } from '../support/database'
import { inboundEvent } from '../support/inbound-event'
import { openPluginTables } from '../support/plugin-tables'

const NOW = new Date('2026-03-01T10:00:00Z')
const TURN = deterministicUuid('turn')

describe('claims and repetitions in the inbox', () => {
  let database: TestDatabase
  let dataSource: DataSource
  let inbox: InboxRepository

  beforeAll(async () => {
    database = await createTestDatabase()
    dataSource = await openPluginTables(database.url)
    inbox = new InboxRepository(dataSource)
  })

  beforeEach(() => database.query(`TRUNCATE plugin_lark_inbound_event`))

  afterAll(async () => {
    await dataSource.destroy()
    await database.drop()
  })

  const claimed = async (messageId: string, more: Partial<NewInboundEvent> = {}): Promise<ClaimedEvent> => {
    await inbox.insert(inboundEvent(messageId, more), NOW)
    return (await inbox.claim(10)).find((claim) => claim.messageId === messageId)!
  }
  const row = async (id: string) =>
    (await database.query(`SELECT * FROM plugin_lark_inbound_event WHERE id = $1`, [id]))[0]!
  const attach = (claim: ClaimedEvent) => dataSource.transaction((manager) => inbox.attach(manager, claim, TURN))

  describe('a reply that does not name its topic', () => {
    const chatId = 'oc_1'
    const root = { integrationId: 'integration', messageId: 'om_root' }

    it('is in that of its first message, by its own row too', async () => {
      await claimed('om_root', { chatId, threadId: 'omt_1' })
      const reply = await claimed('reply', { chatId })
      expect(await inbox.joinTopic(reply, root)).toBe('omt_1')
      expect(await row(reply.id)).toMatchObject({ thread_id: 'omt_1', state: 'claimed' })
    })

    it.each<[string, Partial<NewInboundEvent>]>([
      ['is in no topic', {}],
      ['is of another chat', { chatId: 'oc_2', threadId: 'omt_1' }],
      ['came to another integration', { integrationId: 'other', threadId: 'omt_1' }]
    ])('stays where it is when its first message %s', async (_, more) => {
      await claimed('om_root', { chatId, ...more })
      const reply = await claimed('reply', { chatId })
      expect(await inbox.joinTopic(reply, root)).toBeNull()
      expect(await row(reply.id)).toMatchObject({ thread_id: null })
    })

    it('is left alone by who has lost it', async () => {
      await claimed('om_root', { chatId, threadId: 'omt_1' })
      const reply = await claimed('reply', { chatId })
      const claimToken = deterministicUuid('another claim')
      expect(await inbox.joinTopic({ ...reply, claimToken }, root)).toBeNull()
      expect(await row(reply.id)).toMatchObject({ thread_id: null })
    })
  })

  describe('a renewal', () => {
    const expire = (id: string) =>
      database.query(
        `UPDATE plugin_lark_inbound_event SET claim_expires_at = now() - interval '1 second' WHERE id = $1`,
        [id]
      )

    it('makes a claim last longer: nobody else gets it', async () => {
      const claim = await claimed('m1')
      await expire(claim.id)
      expect(await inbox.renew(claim)).toBe(true)
      expect(await inbox.claim(10)).toEqual([])
    })

    it('is refused to who has lost the claim, and gives its next holder no longer either', async () => {
      const former = await claimed('m1')
      await expire(former.id)
      await inbox.claim(10)
      await expire(former.id)
      expect(await inbox.renew(former)).toBe(false)
      expect(await inbox.claim(10)).toHaveLength(1)
    })

    it('is refused once the event has left its lane', async () => {
      const claim = await claimed('m1')
      await inbox.release(claim, 0, false)
      expect(await inbox.renew(claim)).toBe(false)
    })
  })

  describe('what an order to stop has overtaken', () => {
    const told = { chatId: 'oc_1', senderId: 'ou_1' }

    it.each<[string, Partial<NewInboundEvent>, boolean]>([
      ['a message of its chat that still waits', {}, true],
      ['no message of another chat', { chatId: 'oc_2' }, false]
    ])('is %s', async (_, more, isFormer) => {
      await inbox.insert(inboundEvent('m1', { ...told, ...more, lane: 'chat' }), NOW)
      await database.query(`UPDATE plugin_lark_inbound_event SET available_at = now() + interval '1 hour'`)
      const order = await claimed('m2', { ...told, lane: 'orders' })
      expect(await new SenderEvents(dataSource).hasFormer(order)).toBe(isFormer)
    })

    it('is nothing that was said after it, and nothing that has been handled', async () => {
      await attach(await claimed('m1', told))
      const order = await claimed('m2', { ...told, lane: 'orders' })
      await inbox.insert(inboundEvent('m3', told), NOW)
      expect(await new SenderEvents(dataSource).hasFormer(order)).toBe(false)
    })
  })

  describe('answering again', () => {
    const failed = async (claim: ClaimedEvent): Promise<string> => {
      await inbox.end(claim, 'failed', 'run_failed', NOW)
      return claim.id
    }
    const repeat = (id: string, integrationId = 'integration') => inbox.repeat(integrationId, id, NOW)
    const next = async (): Promise<ClaimedEvent> => (await inbox.claim(10))[0]!

    it('happens once while the first repetition is under way, however far it is', async () => {
      const id = await failed(await claimed('m1'))
      expect(await repeat(id)).toBe('accepted')
      expect(await repeat(id)).toBe('taken')
      const repetition = await next()
      expect(await repeat(id)).toBe('taken')
      await attach(repetition)
      expect(await repeat(id)).toBe('taken')
      await dataSource.transaction((manager) => inbox.endTurn(manager, TURN, 'answered', 'answered', NOW))
      expect(await repeat(id)).toBe('taken')
    })

    it(`happens ${MOST_REPETITIONS} times at most`, async () => {
      const id = await failed(await claimed('m1'))
      for (let number = 1; number <= MOST_REPETITIONS; number += 1) {
        expect(await repeat(id)).toBe('accepted')
        await failed(await next())
      }
      expect(await repeat(id)).toBe('taken')
      expect(await inbox.claim(10)).toEqual([])
    })

    it('is for what failed, is kept, and is one’s own', async () => {
      const kept = await claimed('m1')
      expect(await repeat(kept.id)).toBe('not_failed')
      await failed(kept)
      expect(await repeat(kept.id, 'another')).toBe('unknown')
      await database.query(`UPDATE plugin_lark_inbound_event SET payload = NULL`)
      expect(await repeat(kept.id)).toBe('not_kept')
      expect(await inbox.claim(10)).toEqual([])
    })
  })

  it('a message that was taken back leaves its turn, but not once the turn has ended', async () => {
    const recalls = new RecallRepository(dataSource)
    const drop = (id: string) => dataSource.transaction((manager) => recalls.dropAttached(manager, id, NOW))
    const open = await claimed('m1')
    await attach(open)
    const answered = await claimed('m2')
    await inbox.end(answered, 'answered', 'answered', NOW)
    await drop(open.id)
    await drop(answered.id)
    expect(await row(open.id)).toMatchObject({ state: 'dropped', reason: 'recalled', payload: null, ended_at: NOW })
    expect(await row(answered.id)).toMatchObject({ state: 'answered', reason: 'answered' })
    expect((await row(answered.id)).payload).not.toBeNull()
  })
})
