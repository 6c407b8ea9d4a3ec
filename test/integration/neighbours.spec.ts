import { EntityManager } from 'typeorm'
import { WindowRepository } from '../../src/conversation/window.repository'
import { seedTurn, sessionId, turnId, TurnSeed, uuid } from '../support/turn-seeds'
import { TurnTables } from '../support/turn-tables'

const NOW = new Date('2026-03-01T10:00:00Z')
const LATER = new Date('2026-03-01T10:00:01Z')
const RESUME = { conversationId: 'conversation', target: {}, decision: { type: 'confirm' as const } }

/** What every statement is told of the turn that it is about. */
interface Named {
  id: string
  attempt: string
  executionId: string
  sessionId: string
}

interface Statement {
  /** What the turn that it is about is like. */
  target: TurnSeed
  /** Further ones that it is about. */
  targets?: Record<string, TurnSeed>
  /** Each differs from the target in one key. */
  neighbours: Record<string, TurnSeed>
  /** Turns that only stand beside a neighbour, in its session. */
  beside?: Record<string, TurnSeed>
  run(manager: EntityManager, named: Named): Promise<unknown>
}

describe('a statement about one turn leaves every neighbour alone', () => {
  const tables = new TurnTables(NOW)
  const attempts = () => tables.parts.attemptRows
  const turns = () => tables.parts.turns
  const windows = () => new WindowRepository(tables.dataSource)

  const rowOf = async (name: string) =>
    (await tables.database.query(`SELECT * FROM plugin_lark_turn WHERE id = $1`, [turnId(name)]))[0]

  const scope = { scopeKey: 'group:oc_1', sentAt: NOW }
  const place = { integrationId: 'integration', scopeKey: 'group:oc_1', xpertId: 'xpert', chatId: 'oc_1' }
  const byScope = { scope: place, sentUntil: NOW, senderId: null }
  const former = { closedAt: NOW }
  const otherAttempt = { 'of another attempt': { attempt: 'another' } }
  const stopped = { 'that somebody stopped': { columns: { stop_reason: 'stopped' } } }
  const running = { target: { state: 'running' } }
  const due = new Date(0)

  const dropOf = (state: 'window' | 'approval'): Statement => ({
    target: { session: 'group', state, sentAt: NOW },
    neighbours: {
      'of another person': { senderId: 'ou_2' },
      'of another session': { session: 'another' },
      'that waits': { state: 'waiting' },
      'that was sent later': { session: 'later', sentAt: LATER }
    },
    run: async (manager) => {
      const own = { state, senderId: 'ou_1', sentUntil: NOW }
      await attempts().dropOwn(manager, sessionId('group'), own, 'left', NOW)
      await attempts().dropOwn(manager, sessionId('later'), own, 'left', NOW)
    }
  })

  const statements: Record<string, Statement> = {
    'a stop of a scope': {
      target: scope,
      targets: { 'in a former session': former },
      neighbours: {
        'in another chat': { scopeKey: 'group:oc_2' },
        'of another expert': { xpertId: 'other' },
        'of another integration': { integrationId: 'other' },
        'that was sent later': { ...former, sentAt: LATER },
        'that waits': { ...former, state: 'waiting' }
      },
      run: () => attempts().requestStop(byScope, 'stopped')
    },
    'a stop of a person in a scope': {
      target: scope,
      neighbours: { 'of another person': { ...former, senderId: 'ou_2' } },
      run: () => attempts().requestStop({ ...byScope, senderId: 'ou_1' }, 'stopped')
    },
    'a stop of a person in a chat': {
      target: scope,
      targets: { 'in another scope of it': { scopeKey: 'group:oc_1:thread' } },
      neighbours: {
        'of another person': { ...former, senderId: 'ou_2' },
        'in another chat': { scopeKey: 'x', chatId: 'oc_2' }
      },
      run: () => attempts().requestStop({ chat: place, sentUntil: NOW, senderId: 'ou_1' }, 'stopped')
    },
    'a stop of a turn': {
      ...running,
      neighbours: { 'that waits': { state: 'waiting' }, 'that asks': { state: 'approval' } },
      run: (_, { id }) => attempts().requestStop({ turnId: id }, 'stopped')
    },
    'another dispatch': {
      ...running,
      neighbours: { ...otherAttempt, ...stopped, 'that asks': { state: 'approval' } },
      run: (manager, named) => attempts().again(manager, named)
    },
    'a question of the run': {
      ...running,
      neighbours: { ...otherAttempt, ...stopped, 'that has ended': { state: 'ended' } },
      run: (manager, named) => attempts().ask(manager, named, { tasks: [] })
    },
    'a decision': {
      target: { state: 'approval' },
      neighbours: {
        'whose session does something else by now': { session: 'busy' },
        'that has ended': { state: 'ended' },
        'that waits': { state: 'waiting' }
      },
      beside: { 'something else': { session: 'busy', state: 'running' } },
      run: (manager, { id }) => attempts().resume(manager, id, RESUME)
    },
    'a further try': {
      target: { state: 'ended', columns: { outcome: 'failed' } },
      neighbours: {
        'that was answered': { columns: { outcome: 'answered' } },
        'whose texts are gone': { text: null },
        'that has not ended': { state: 'approval' }
      },
      run: (manager, { id }) => attempts().reopen(manager, id)
    },
    'a cancel that the host took': {
      ...running,
      neighbours: { ...otherAttempt, 'that has ended': { state: 'ended' } },
      run: (_, named) => attempts().noteCancelled(named)
    },
    'the end of a turn without a run': {
      target: { state: 'approval' },
      targets: { 'that waits': { state: 'waiting' }, 'that is collected': { state: 'window' } },
      neighbours: { 'that runs': { state: 'running' }, 'that has ended': { state: 'ended' } },
      run: (manager, { id }) => attempts().dropIdle(manager, id, 'recalled', NOW)
    },
    'the drop of what a person collected': dropOf('window'),
    'the drop of what a person asked': dropOf('approval'),
    'the preparation of a dispatch': {
      ...running,
      neighbours: {
        ...otherAttempt,
        ...stopped,
        'of another execution': { executionId: 'another' },
        'that was dispatched': { columns: { dispatched_at: NOW } },
        'that asks': { state: 'approval' }
      },
      run: (_, named) => turns().keepUndispatched(named)
    },
    'a dispatch': {
      ...running,
      neighbours: { ...otherAttempt, ...stopped, 'that has ended': { state: 'ended' } },
      run: (_, named) => turns().noteDispatch(named)
    },
    'the word that no dispatch comes any more': {
      target: { columns: { stop_reason: 'stopped', deadline: due } },
      neighbours: {
        ...otherAttempt,
        'of another execution': { executionId: 'another' },
        'that nobody stopped': { columns: { deadline: due } },
        'that was dispatched': { columns: { stop_reason: 'stopped', deadline: due, dispatched_at: NOW } },
        'that asks': { state: 'approval' }
      },
      run: (_, named) => turns().closeDispatch(named)
    },
    'the progress of a run': {
      ...running,
      neighbours: { ...otherAttempt, 'that has ended': { state: 'ended' } },
      run: async (_, named) => {
        const turn = (await turns().findRunning(turnId('target'), uuid('attempt')))!
        await turns().noteProgress({ ...turn, ...named, appliedSequence: 7, runStartedAt: 1 })
      }
    },
    'the end of a run': {
      ...running,
      neighbours: { ...otherAttempt, 'that asks': { state: 'approval' } },
      run: (manager, named) => {
        const ended = { outcome: 'failed', reason: 'run_failed', keepTexts: true }
        return turns().end(manager, { ...named, runStartedAt: null }, ended, NOW)
      }
    },
    'the search for a dispatch that nobody noted': {
      target: { columns: { deadline: due } },
      targets: { 'that somebody stopped': { columns: { deadline: due, stop_reason: 'stopped' } } },
      neighbours: {
        'that was dispatched': { columns: { deadline: due, dispatched_at: NOW } },
        'that is dispatched just now': { columns: { deadline: new Date(Date.UTC(2999, 0)) } },
        'that is collected': { state: 'window' }
      },
      run: () => tables.parts.watch.takeUndispatched()
    },
    'the end of a window whose time has come': {
      target: { state: 'window', columns: { deadline: NOW } },
      neighbours: {
        'that a message made longer': { columns: { deadline: LATER } },
        'that asks': { state: 'approval' }
      },
      run: (manager, { id }) => windows().end(manager, { turnId: id, now: NOW })
    },
    'the end of a person’s window': {
      target: { session: 'group', state: 'window', columns: { deadline: LATER } },
      neighbours: {
        'of another person': { senderId: 'ou_2' },
        'of another session': { session: 'another' },
        'that asks': { state: 'approval' }
      },
      run: (manager) => windows().end(manager, { sessionId: sessionId('group'), senderId: 'ou_1' })
    }
  }

  it.each(Object.entries(statements))('%s', async (_, { target, targets, neighbours, beside, run }) => {
    const seeds = { target, ...targets, ...neighbours, ...beside }
    const about = ['target', ...Object.keys(targets ?? {})]
    for (const [name, seed] of Object.entries(seeds)) {
      await seedTurn(tables.database, name, { ...target, ...seed }, NOW)
    }
    const before = new Map<string, unknown>()
    for (const name of Object.keys(seeds)) before.set(name, await rowOf(name))

    // Also in the name of each neighbour, of which everything else is said as of the target.
    for (const name of [...about, ...Object.keys(neighbours)]) {
      const named = {
        id: turnId(name),
        attempt: uuid('attempt'),
        executionId: uuid('execution'),
        sessionId: sessionId(name)
      }
      await turns().transaction((manager) => run(manager, named))
    }

    const changed: string[] = []
    for (const name of Object.keys(seeds)) {
      if (JSON.stringify(await rowOf(name)) !== JSON.stringify(before.get(name))) changed.push(name)
    }
    expect(changed).toEqual(about)
  })
})
