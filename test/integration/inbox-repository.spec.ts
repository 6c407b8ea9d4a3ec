import { DataSource } from 'typeorm'
import { ClaimedEvent, InboxRepository, NewInboundEvent, SenderEvents } from '../../src/inbox'
import { AcceptQueue } from '../../src/inbox/accept-queue'
import { acceptStatement } from '../../src/inbox/accept-statement'
import { deterministicUuid, LeaseLostError, TimedOutError } from '../../src/shared'
import { createTestDatabase, TestDatabase } from '../support/database'
import { eventually } from '../support/eventually'
import { inboundEvent } from '../support/inbound-event'
import { openPluginTables } from '../support/plugin-tables'

const NOW = new Date('2026-03-01T10:00:00Z')
const TURN = deterministicUuid('turn')

const event = (dedupKey: string, lane: string, more: Partial<NewInboundEvent> = {}): NewInboundEvent =>
  inboundEvent(dedupKey, { dedupKey, lane, ...more })

describe('InboxRepository', () => {
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

  const accept = async (...keys: [string, string][]): Promise<void> => {
    for (const [key, lane] of keys) await inbox.insert(event(key, lane), NOW)
  }
  const keysOf = (claims: readonly ClaimedEvent[]): (string | null)[] => claims.map((claim) => claim.messageId).sort()
  const row = async (messageId: string) =>
    (await database.query(`SELECT * FROM plugin_lark_inbound_event WHERE message_id = $1`, [messageId]))[0]!
  const expire = (messageId: string) =>
    database.query(
      `UPDATE plugin_lark_inbound_event SET claim_expires_at = now() - interval '1 second' WHERE message_id = $1`,
      [messageId]
    )
  const become = (messageId: string) =>
    database.query(`UPDATE plugin_lark_inbound_event SET available_at = now() WHERE message_id = $1`, [messageId])

  describe('accepting', () => {
    it('stores the same event once, however many deliver it at the same time', async () => {
      const results = await Promise.all(Array.from({ length: 20 }, () => inbox.insert(event('m1', 'lane'), NOW)))
      expect(results.filter((isNew) => isNew)).toHaveLength(1)
      expect(await database.query(`SELECT count(*)::int AS n FROM plugin_lark_inbound_event`)).toEqual([{ n: 1 }])
    })

    it('knows a duplicate of an event whose row has ended', async () => {
      await accept(['m1', 'lane'])
      const [claim] = await inbox.claim(1)
      await inbox.end(claim!, 'refused', 'not_mentioned', NOW)
      expect(await inbox.insert(event('m1', 'lane'), NOW)).toBe(false)
    })

    it('goes on with the next events when a statement hangs, and knows what it stored later as a duplicate', async () => {
      const queue = new AcceptQueue((events) => inbox.insertAll(events))
      const accept = (key: string) => queue.accept({ event: event(key, 'lane'), receivedAt: NOW })
      const blocker = dataSource.createQueryRunner()
      await blocker.startTransaction()
      const { sql, values } = acceptStatement([{ event: event('m1', 'lane'), receivedAt: NOW }])
      await blocker.query(sql, values)
      const hanging = accept('m1').catch((error: unknown) => error)
      await new Promise(setImmediate)
      const next = accept('m2')
      expect(await hanging).toBeInstanceOf(TimedOutError)
      expect(await next).toBe(true)
      await blocker.rollbackTransaction()
      await blocker.release()
      await eventually('the late one is stored', async () => (await row('m1')) !== undefined)
      expect(await accept('m1')).toBe(false)
    })

    it('lets nobody use up the ids of another inbox', async () => {
      expect(await inbox.insert(event('m1', 'lane'), NOW)).toBe(true)
      expect(await inbox.insert(event('m1', 'lane', { inboxKey: 'other:org:feishu:cli_1' }), NOW)).toBe(true)
    })
  })

  describe('claiming', () => {
    it('gives the first row of every lane, and the next only once the first has left it', async () => {
      await accept(['a1', 'A'], ['a2', 'A'], ['b1', 'B'], ['b2', 'B'])
      const claims = await inbox.claim(10)
      expect(keysOf(claims)).toEqual(['a1', 'b1'])
      expect(await inbox.claim(10)).toEqual([])
      await inbox.end(
        claims.find((claim) => claim.messageId === 'a1')!,
        'refused',
        'disabled',
        NOW
      )
      expect(keysOf(await inbox.claim(10))).toEqual(['a2'])
    })

    it('hands over what the row says, with its first attempt', async () => {
      await inbox.insert(event('m1', 'lane', { chatId: 'oc_1', threadId: 'omt_1', senderId: 'ou_1' }), NOW)
      const [claim] = await inbox.claim(1)
      expect(claim).toMatchObject({
        attempt: 1,
        eventType: 'im.message.receive_v1',
        payload: '{"key":"m1"}',
        tenantId: 'tenant',
        organizationId: 'org',
        integrationId: 'integration',
        messageId: 'm1',
        chatId: 'oc_1',
        threadId: 'omt_1',
        senderId: 'ou_1',
        receivedAt: NOW
      })
    })

    it('hands over what it has claimed when the look at more rows fails', async () => {
      await accept(...Array.from({ length: 300 }, (_, index): [string, string] => [`m${index}`, 'lane']))
      const look = dataSource.query.bind(dataSource)
      let looks = 0
      const broken = jest.spyOn(dataSource, 'query').mockImplementation(async (sql: string, values?: unknown) => {
        looks += 1
        if (looks > 1) throw new Error('Connection terminated')
        return look(sql, values as never)
      })
      try {
        expect(keysOf(await inbox.claim(2))).toEqual(['m0'])
        expect(looks).toBe(2)
        await expect(inbox.claim(2)).rejects.toThrow('Connection terminated')
      } finally {
        broken.mockRestore()
      }
    })

    it('never exceeds its limit, whatever plan the database chooses', async () => {
      await accept(...Array.from({ length: 40 }, (_, index): [string, string] => [`m${index}`, `lane-${index}`]))
      const plans = [
        'enable_hashjoin',
        'enable_mergejoin',
        'enable_material',
        'enable_hashagg',
        'enable_sort',
        'enable_indexscan',
        'enable_bitmapscan'
      ]
      for (const plan of plans) {
        await dataSource.transaction(async (manager) => {
          for (const off of plans.slice(0, plans.indexOf(plan) + 1)) await manager.query(`SET LOCAL ${off} = off`)
          const claims = await new InboxRepository(manager as unknown as DataSource).claim(3)
          expect(claims).toHaveLength(3)
        })
      }
    })

    it.each([
      ['has a living claim', `UPDATE plugin_lark_inbound_event SET claim_expires_at = now() + interval '1 hour'`, []],
      ['is free', `UPDATE plugin_lark_inbound_event SET claim_expires_at = now() - interval '1 second'`, ['deep1']]
    ])('finds the lanes behind a long backlog of one whose head %s', async (_name, change, head) => {
      await accept(['deep1', 'deep'])
      await inbox.claim(1)
      await database.query(change)
      const backlog = Array.from({ length: 1_200 }, (_, index) => event(`deep${index + 2}`, 'deep'))
      await inbox.insertAll(backlog.map((each) => ({ event: each, receivedAt: NOW })))
      await accept(['a1', 'A'], ['b1', 'B'], ['a2', 'A'])
      expect(keysOf(await inbox.claim(16))).toEqual(['a1', 'b1', ...head])
    })

    it('gives no row to two workers, and every lane in order, when both claim at once', async () => {
      const lanes = 12
      const perLane = 5
      for (let index = 0; index < perLane; index += 1) {
        for (let lane = 0; lane < lanes; lane += 1) await accept([`m${lane}-${index}`, `lane-${lane}`])
      }
      const handled: string[] = []
      const worker = async (): Promise<void> => {
        for (;;) {
          const claims = await inbox.claim(4)
          if (claims.length === 0 && handled.length === lanes * perLane) return
          for (const claim of claims) {
            handled.push(claim.messageId!)
            await inbox.end(claim, 'answered', 'done', NOW)
          }
        }
      }
      await Promise.all([worker(), worker()])
      expect(new Set(handled).size).toBe(lanes * perLane)
      expect(handled).toHaveLength(lanes * perLane)
      for (let lane = 0; lane < lanes; lane += 1) {
        expect(handled.filter((key) => key.startsWith(`m${lane}-`))).toEqual(
          Array.from({ length: perLane }, (_, index) => `m${lane}-${index}`)
        )
      }
    })

    it('lets two workers have different lanes at the same time', async () => {
      await accept(...Array.from({ length: 8 }, (_, index): [string, string] => [`m${index}`, `lane-${index}`]))
      const [one, two] = await Promise.all([inbox.claim(4), inbox.claim(4)])
      expect([one.length, two.length]).toEqual([4, 4])
      expect(new Set(keysOf([...one, ...two])).size).toBe(8)
    })

    it('passes over a row that another transaction holds instead of waiting for it', async () => {
      await accept(['a1', 'A'], ['b1', 'B'])
      await dataSource.transaction(async (manager) => {
        await manager.query(`SELECT 1 FROM plugin_lark_inbound_event WHERE message_id = 'a1' FOR UPDATE`)
        expect(keysOf(await inbox.claim(10))).toEqual(['b1'])
      })
      expect(keysOf(await inbox.claim(10))).toEqual(['a1'])
    })
  })

  describe('a claim that expired', () => {
    it('goes to the next worker, and the old holder can write nothing more', async () => {
      await accept(['m1', 'lane'])
      const [old] = await inbox.claim(1)
      await expire('m1')
      const [next] = await inbox.claim(1)
      expect(next).toMatchObject({ id: old!.id, attempt: 2 })
      expect(next!.claimToken).not.toBe(old!.claimToken)
      await expect(inbox.end(old!, 'failed', 'late', NOW)).rejects.toThrow(LeaseLostError)
      await expect(inbox.release(old!, 0, true)).rejects.toThrow(LeaseLostError)
      await expect(dataSource.transaction((manager) => inbox.attach(manager, old!, TURN))).rejects.toThrow(
        LeaseLostError
      )
      expect(await row('m1')).toMatchObject({ state: 'claimed', claim_token: next!.claimToken })
    })

    it('is nobody’s before its time', async () => {
      await accept(['m1', 'lane'])
      await inbox.claim(1)
      expect(await inbox.claim(1)).toEqual([])
    })

    it('still keeps its lane’s order', async () => {
      await accept(['m1', 'lane'], ['m2', 'lane'])
      await inbox.claim(2)
      await expire('m1')
      expect(keysOf(await inbox.claim(2))).toEqual(['m1'])
    })
  })

  describe('giving back', () => {
    it('waits out the backoff and holds the lane while it does', async () => {
      await accept(['m1', 'lane'], ['m2', 'lane'], ['n1', 'other'])
      const claims = await inbox.claim(2)
      await inbox.release(
        claims.find((claim) => claim.messageId === 'm1')!,
        30,
        true
      )
      expect(await inbox.claim(5)).toEqual([])
      const { available_at: at } = await row('m1')
      expect((at as Date).getTime() - Date.now()).toBeGreaterThan(25_000)
      await become('m1')
      const [again] = await inbox.claim(5)
      expect(again).toMatchObject({ messageId: 'm1', attempt: 2 })
    })

    it('holds its lane no longer once it has left it, and is handled all the same', async () => {
      await accept(['m1', 'lane'], ['m2', 'lane'])
      const [claim] = await inbox.claim(1)
      await inbox.leaveLane(claim!)
      expect(keysOf(await inbox.claim(5))).toEqual(['m2'])
      await inbox.leaveLane(claim!)
      await inbox.release(claim!, 0, false)
      expect(keysOf(await inbox.claim(5))).toEqual(['m1'])
      await expect(inbox.leaveLane(claim!)).rejects.toThrow(LeaseLostError)
    })

    it('does not count a wait that is nobody’s fault as an attempt', async () => {
      await accept(['m1', 'lane'])
      const [claim] = await inbox.claim(1)
      await inbox.release(claim!, 0, false)
      const [again] = await inbox.claim(1)
      expect(again!.attempt).toBe(1)
    })
  })

  describe('ending', () => {
    it.each(['refused', 'dropped'] as const)('scrubs the payload of a row that is %s', async (state) => {
      await accept(['m1', 'lane'])
      const [claim] = await inbox.claim(1)
      await inbox.end(claim!, state, 'why', NOW)
      expect(await row('m1')).toMatchObject({
        state,
        reason: 'why',
        ended_at: NOW,
        payload: null,
        claim_token: null,
        claim_expires_at: null
      })
    })

    it('keeps the payload of a failed row, so that it can be answered again', async () => {
      await accept(['m1', 'lane'])
      const [claim] = await inbox.claim(1)
      await inbox.end(claim!, 'failed', 'attempts_exhausted', NOW)
      expect(await row('m1')).toMatchObject({ state: 'failed', payload: '{"key":"m1"}' })
    })

    it('happens once', async () => {
      await accept(['m1', 'lane'])
      const [claim] = await inbox.claim(1)
      await inbox.end(claim!, 'refused', 'first', NOW)
      await expect(inbox.end(claim!, 'answered', 'second', NOW)).rejects.toThrow(LeaseLostError)
      expect(await row('m1')).toMatchObject({ state: 'refused', reason: 'first' })
    })
  })

  describe('looking for what an order to stop has overtaken', () => {
    it.each<[string, Partial<NewInboundEvent>, boolean]>([
      [
        'finds the same person’s message, whichever integration of the app answers it',
        { integrationId: 'other' },
        true
      ],
      ['leaves another person’s alone', { senderId: 'ou_2' }, false],
      ['leaves another inbox’s alone', { inboxKey: 'other:org:feishu:cli_1' }, false]
    ])('%s', async (_what, more, isFormer) => {
      const told = { chatId: 'oc_1', senderId: 'ou_1' }
      await inbox.insert(event('m1', 'lane', { ...told, ...more }), NOW)
      await inbox.insert(event('m2', 'orders', told), NOW)
      const order = (await inbox.claim(2)).find(({ messageId }) => messageId === 'm2')!
      expect(await new SenderEvents(dataSource).hasFormer(order)).toBe(isFormer)
    })

    it('finds a message that was redirected while it is routed', async () => {
      await inbox.insert(event('m1', 'lane', { chatId: 'oc_1', senderId: 'ou_1' }), NOW)
      await inbox.insert(event('m2', 'orders', { chatId: 'oc_1', senderId: 'ou_1' }), NOW)
      const [question, order] = await inbox.claim(2)
      await inbox.redirect(question!, 'other')
      expect(await new SenderEvents(dataSource).hasFormer(order!)).toBe(true)
    })
  })

  describe('joining a turn', () => {
    const attach = async (messageId: string, turnId = TURN): Promise<void> => {
      const claim = (await inbox.claim(10)).find((one) => one.messageId === messageId)
      await dataSource.transaction((manager) => inbox.attach(manager, claim!, turnId))
    }
    const endTurn = (state: 'answered' | 'failed' | 'dropped', turnId = TURN): Promise<string[]> =>
      dataSource.transaction((manager) => inbox.endTurn(manager, turnId, state, 'why', NOW))

    it('frees the lane at once', async () => {
      await accept(['m1', 'lane'], ['m2', 'lane'])
      await attach('m1')
      expect(await row('m1')).toMatchObject({ state: 'attached', turn_id: TURN, claim_token: null })
      expect(keysOf(await inbox.claim(1))).toEqual(['m2'])
    })

    it('leaves the row claimed when the turn’s transaction is rolled back', async () => {
      await accept(['m1', 'lane'])
      const [claim] = await inbox.claim(1)
      const rolledBack = dataSource.transaction(async (manager) => {
        await inbox.attach(manager, claim!, TURN)
        throw new Error('the turn could not be stored')
      })
      await expect(rolledBack).rejects.toThrow('the turn could not be stored')
      expect(await row('m1')).toMatchObject({ state: 'claimed', turn_id: null, claim_token: claim!.claimToken })
      await inbox.release(claim!, 0, true)
    })

    it('ends all rows of the turn with the turn, and no other', async () => {
      await accept(['m1', 'A'], ['m2', 'B'], ['m3', 'C'])
      await attach('m1')
      await expire('m2')
      await attach('m2')
      await expire('m3')
      await attach('m3', deterministicUuid('other turn'))
      await endTurn('answered')
      expect(await row('m1')).toMatchObject({
        state: 'answered',
        reason: 'why',
        ended_at: NOW,
        payload: '{"key":"m1"}'
      })
      expect(await row('m2')).toMatchObject({ state: 'answered' })
      expect(await row('m3')).toMatchObject({ state: 'attached' })
    })

    it('keeps the payload where the turn failed, and ends a row once', async () => {
      await accept(['m1', 'lane'])
      await attach('m1')
      await endTurn('failed')
      await endTurn('answered')
      expect(await row('m1')).toMatchObject({ state: 'failed', payload: '{"key":"m1"}' })
    })
  })
})
