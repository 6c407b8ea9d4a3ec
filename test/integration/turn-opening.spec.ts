import { DataSource } from 'typeorm'
import { BotLoopError, MAX_BOT_TURNS, NewTurn } from '../../src/conversation'
import { TurnRepository } from '../../src/conversation/turn.repository'
import { ClaimedEvent, InboxRepository } from '../../src/inbox'
import { LeaseLostError, TimedOutError } from '../../src/shared'
import { conversationParts, newTurn } from '../support/conversation-parts'
import { createTestDatabase, TestDatabase } from '../support/database'
import { eventually } from '../support/eventually'
import { openPluginTables } from '../support/plugin-tables'
import { SilentDatabase } from '../support/silent-database'

const NOW = new Date('2026-03-01T10:00:00Z')
const SCOPES = Array.from({ length: 12 }, (_, index) => `direct:oc_${index}`)

const ACCEPTED = {
  ...{ inboxKey: 'inbox', dedupKey: 'message:om_1', lane: 'lane', eventType: 'type', payload: '{}' },
  ...{ tenantId: 'tenant', organizationId: null, integrationId: 'integration' }
}

interface Row {
  id: string
  state: string
  position: number
  scope_key: string
  messages: { messageId: string }[]
}

describe('messages that are opened at the same time', () => {
  let database: TestDatabase
  let sources: DataSource[]
  let parts: ReturnType<typeof conversationParts>
  let statements: string[]

  beforeAll(async () => {
    database = await createTestDatabase()
    sources = [await openPluginTables(database.url), await openPluginTables(database.url)]
    jest.spyOn(sources[0]!.logger, 'logQuery').mockImplementation((text) => void statements.push(text))
  })

  beforeEach(async () => {
    await database.query('TRUNCATE plugin_lark_session, plugin_lark_turn, plugin_lark_bot_talk')
    statements = []
    parts = conversationParts(sources[0]!, NOW)
  })

  afterEach(() => Promise.all([parts.windows.stop(), parts.signs.stop()]))

  afterAll(async () => {
    await Promise.all(sources.map((source) => source.destroy()))
    await database.drop()
  })

  const rows = () =>
    database.query<Row>(
      `SELECT turn.*, scope_key FROM plugin_lark_turn turn JOIN plugin_lark_session session ON session.id = session_id
       ORDER BY scope_key, position`
    )
  const idleTransactions = () =>
    database.query(
      `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'`
    )
  /** The turn in which the message was stored. */
  const open = async (input: NewTurn, by = parts): Promise<string> => {
    let stored = ''
    await by.conversations.open(input, async (_manager, turnId) => {
      stored = turnId
    })
    return stored
  }
  const inScope = (scopeKey: string, more: Partial<NewTurn> = {}) =>
    newTurn(`message of ${scopeKey}`, { scopeKey, chatId: scopeKey, ...more })

  it('share a transaction, each with a turn of its own conversation', async () => {
    const turnIds = await Promise.all(SCOPES.map((scopeKey) => open(inScope(scopeKey))))
    expect(statements.filter((text) => text === 'START TRANSACTION')).toHaveLength(1)
    expect(statements.filter((text) => text.includes('INSERT INTO plugin_lark_turn'))).toHaveLength(1)
    const stored = await rows()
    expect(stored.map(({ state, position }) => [state, position])).toEqual(SCOPES.map(() => ['running', 1]))
    for (const [index, scopeKey] of SCOPES.entries())
      expect(stored.find(({ id }) => id === turnIds[index])).toMatchObject({
        scope_key: scopeKey,
        messages: [{ messageId: `message of ${scopeKey}` }]
      })
    expect(parts.host.queued).toHaveLength(SCOPES.length)
  })

  it('go on when a transaction hangs, which stores nothing later of a message that was given back meanwhile', async () => {
    const way = await SilentDatabase.before(database.url)
    const through = await openPluginTables(way.url)
    const mine = conversationParts(through, NOW)
    const inbox = new InboxRepository(sources[1]!)
    try {
      await inbox.insert(ACCEPTED, NOW)
      const [claim] = await inbox.claim(1)
      let late: Promise<unknown> | undefined
      const hanging = mine.conversations.open(inScope(SCOPES[0]!), (manager, turnId) => {
        way.loseOpen()
        const attached = inbox.attach(manager, claim!, turnId)
        late = attached.catch((error: unknown) => error)
        return attached
      })
      await expect(hanging).rejects.toThrow(TimedOutError)
      await open(inScope(SCOPES[1]!), mine)
      await inbox.release(claim!, 0, true)
      way.speak()
      expect(await late).toBeInstanceOf(Error)
      await through.destroy()
      expect((await rows()).map(({ scope_key }) => scope_key)).toEqual([SCOPES[1]])
    } finally {
      way.speak()
      await Promise.all([mine.windows.stop(), mine.signs.stop()])
      if (through.isInitialized) await through.destroy()
      way.end()
    }
  })

  it('wait no longer for an instance that fell silent while it held their conversation', async () => {
    const way = await SilentDatabase.before(database.url)
    const through = await openPluginTables(way.url)
    const silent = conversationParts(through, NOW)
    try {
      await open(inScope(SCOPES[0]!))
      const hanging = silent.conversations
        .open(inScope(SCOPES[0]!), async () => way.fallSilent())
        .catch(() => undefined)
      await eventually('it holds the lock', async () => (await idleTransactions()).length === 1)
      await expect(open(inScope(SCOPES[0]!))).rejects.toMatchObject({ code: '55P03' })
      await eventually('PostgreSQL has ended it', async () => (await idleTransactions()).length === 0)
      await open(inScope(SCOPES[0]!))
      way.speak()
      await hanging
      expect((await rows()).map(({ state }) => state)).toEqual(['running', 'waiting'])
    } finally {
      way.speak()
      await Promise.all([silent.windows.stop(), silent.signs.stop()])
      await through.destroy()
      way.end()
    }
  })

  it('share the statement that notes their dispatch', async () => {
    await Promise.all(SCOPES.map((scopeKey) => open(inScope(scopeKey))))
    await database.query('UPDATE plugin_lark_turn SET dispatched_at = NULL, deadline = now()')
    const turns = await database.query<{ id: string; attempt: string }>('SELECT id, attempt FROM plugin_lark_turn')
    statements = []
    const repository = new TurnRepository(sources[0]!)
    await Promise.all(turns.map((turn) => repository.noteDispatch(turn)))
    expect(statements.filter((text) => text.includes('SET dispatched_at'))).toHaveLength(1)
    const found = await database.query<{ isNoted: boolean }>(
      `SELECT dispatched_at IS NOT NULL AND deadline IS NULL AS "isNoted" FROM plugin_lark_turn`
    )
    expect(found).toEqual(SCOPES.map(() => ({ isNoted: true })))
  })

  it('and dispatched by two instances are all noted, each once in the queue', async () => {
    const other = conversationParts(sources[1]!, NOW)
    await Promise.all(SCOPES.map((scopeKey, index) => open(inScope(scopeKey), index % 2 === 0 ? parts : other)))
    const notDispatched = await database.query('SELECT 1 FROM plugin_lark_turn WHERE dispatched_at IS NULL')
    expect(notDispatched).toEqual([])
    expect([...parts.host.queued, ...other.host.queued]).toHaveLength(SCOPES.length)
    await Promise.all([other.windows.stop(), other.signs.stop()])
  })

  it('of one conversation keep their order: the first runs, the others wait', async () => {
    const ids = ['a', 'b', 'c']
    const turnIds = await Promise.all(ids.map((id) => open(newTurn(id))))
    expect((await rows()).map(({ id, state, position }) => [id, state, position])).toEqual([
      [turnIds[0], 'running', 1],
      [turnIds[1], 'waiting', 2],
      [turnIds[2], 'waiting', 3]
    ])
  })

  it('are all stored but the one whose row somebody else holds', async () => {
    const taken = SCOPES[3]!
    const results = await Promise.allSettled(
      SCOPES.map((scopeKey) =>
        parts.conversations.open(inScope(scopeKey), async () => {
          if (scopeKey === taken) throw new LeaseLostError('inbox claim', { id: scopeKey })
        })
      )
    )
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1)
    expect((await rows()).map(({ scope_key }) => scope_key)).toEqual(SCOPES.filter((one) => one !== taken).sort())
  })

  it('are all stored but the one whose conversation a process holds that stands still', async () => {
    for (const scopeKey of SCOPES) await open(inScope(scopeKey))
    const held = SCOPES[5]!
    const holder = sources[1]!.createQueryRunner()
    await holder.startTransaction()
    await holder.query('SELECT 1 FROM plugin_lark_session WHERE scope_key = $1 FOR UPDATE', [held])
    const results = await Promise.allSettled(SCOPES.map((scopeKey) => open(inScope(scopeKey))))
    await holder.rollbackTransaction()
    await holder.release()
    expect(results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))).toMatchObject([
      { code: '55P03' }
    ])
    await open(inScope(held))
    const found = await rows()
    for (const scopeKey of SCOPES) expect(found.filter(({ scope_key }) => scope_key === scopeKey)).toHaveLength(2)
  })

  it('are all stored but the one whose row somebody holds', async () => {
    const inbox = new InboxRepository(sources[1]!)
    const keys = SCOPES.map((scopeKey) => `message:${scopeKey}`)
    await inbox.insertAll(keys.map((key) => ({ event: { ...ACCEPTED, dedupKey: key, lane: key }, receivedAt: NOW })))
    const claims = await inbox.claim(SCOPES.length)
    const holder = sources[1]!.createQueryRunner()
    await holder.startTransaction()
    await holder.query('SELECT 1 FROM plugin_lark_inbound_event WHERE id = $1 FOR UPDATE', [claims[5]!.id])
    const results = await Promise.allSettled(
      claims.map((claim, index) =>
        parts.conversations.open(inScope(SCOPES[index]!), (manager, turnId) => inbox.attach(manager, claim, turnId))
      )
    )
    await holder.rollbackTransaction()
    await holder.release()
    expect(results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))).toMatchObject([
      { code: '55P03' }
    ])
    expect(await rows()).toHaveLength(SCOPES.length - 1)
    await database.query('TRUNCATE plugin_lark_inbound_event')
  })

  it('stay in their conversation when an order to leave the former one is carried out late', async () => {
    const inbox = new InboxRepository(sources[1]!)
    const scope = inScope(SCOPES[0]!)
    await open(scope)
    await inbox.insert({ ...ACCEPTED, dedupKey: 'message:new' }, NOW)
    const [late] = await inbox.claim(1)
    const leave = (claim: ClaimedEvent) =>
      parts.conversations.startNew(scope, 'ou_1', (manager) => inbox.hold(manager, claim))
    await inbox.release(late!, 0, true)
    const [current] = await inbox.claim(1)
    await leave(current!)
    await inbox.end(current!, 'answered', 'command', NOW)
    await open(scope)

    await expect(leave(late!)).rejects.toThrow(LeaseLostError)
    const sessions = await database.query<{ isOpen: boolean }>(
      `SELECT closed_at IS NULL AS "isOpen" FROM plugin_lark_session ORDER BY created_at`
    )
    expect(sessions.map(({ isOpen }) => isOpen)).toEqual([false, true])
    await database.query('TRUNCATE plugin_lark_inbound_event')
  })

  it('are all stored but those of bots that have talked for too long', async () => {
    const talk = inScope('group:bots', { isBot: true })
    for (let turn = 0; turn < MAX_BOT_TURNS; turn += 1) await open(talk)
    const [bot, person] = await Promise.allSettled([open(talk), open(inScope(SCOPES[0]!))])
    expect(bot).toMatchObject({ status: 'rejected', reason: expect.any(BotLoopError) })
    expect(person.status).toBe('fulfilled')
    expect((await rows()).filter(({ scope_key }) => scope_key === 'group:bots')).toHaveLength(MAX_BOT_TURNS)
  })

  it('are collected and run side by side, each window by its own limits', async () => {
    const windows = SCOPES.map((_, index) =>
      index % 3 === 0 ? null : { idleSeconds: 3, maxWaitSeconds: 10, maxMessages: index % 3 === 1 ? 2 : 5 }
    )
    const say = (id: string) =>
      Promise.all(
        SCOPES.map((scopeKey, index) =>
          open(newTurn(`${id}${index}`, { scopeKey, chatId: scopeKey, window: windows[index]! }))
        )
      )
    await say('first')
    await say('second')
    const found = await rows()
    for (const [index, scopeKey] of SCOPES.entries()) {
      const own = found.filter(({ scope_key }) => scope_key === scopeKey)
      const expected = [['running 1', 'waiting 1'], ['running 2'], ['window 2']][index % 3]
      expect(own.map(({ state, messages }) => `${state} ${messages.length}`)).toEqual(expected)
    }
  })

  it('are collected for four statements, however many conversations they belong to', async () => {
    const window = { idleSeconds: 3, maxWaitSeconds: 10, maxMessages: 5 }
    await Promise.all(SCOPES.map((scopeKey) => open(inScope(scopeKey, { window }))))
    expect(statements.map((text) => text.trim().split(/\s/)[0])).toEqual(['START', 'WITH', 'WITH', 'COMMIT'])
    expect((await rows()).map(({ state }) => state)).toEqual(SCOPES.map(() => 'window'))
  })

  it('on two instances, in the same conversations, are each stored once', async () => {
    const other = conversationParts(sources[1]!, NOW)
    const both = [...SCOPES, ...[...SCOPES].reverse()]
    const stored = await Promise.all(
      both.map((scopeKey, index) =>
        open(newTurn(`m${index}`, { scopeKey, chatId: scopeKey }), index < SCOPES.length ? parts : other)
      )
    )
    expect(new Set(stored).size).toBe(both.length)
    const found = await rows()
    for (const scopeKey of SCOPES) {
      const own = found.filter(({ scope_key }) => scope_key === scopeKey)
      expect(own.map(({ state, position }) => [state, position])).toEqual([
        ['running', 1],
        ['waiting', 2]
      ])
    }
    await Promise.all([other.windows.stop(), other.signs.stop()])
  })
})
