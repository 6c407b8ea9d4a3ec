import { AcceptQueue } from '../../../src/inbox/accept-queue'
import { AcceptedEvent } from '../../../src/inbox/accept-statement'

const accepted = (dedupKey: string): AcceptedEvent => ({
  receivedAt: new Date(0),
  event: {
    inboxKey: 'inbox',
    dedupKey,
    lane: 'lane',
    eventType: 'type',
    payload: '{}',
    tenantId: 'tenant',
    organizationId: null,
    integrationId: 'integration'
  }
})

interface HeldStatement {
  keys: string[]
  end(outcome?: Error): void
}

const held: HeldStatement[][] = []

/** A store whose statements end when the test says so, or with it. */
const heldStore = () => {
  const statements: HeldStatement[] = []
  held.push(statements)
  const store = (events: readonly AcceptedEvent[]): Promise<boolean[]> =>
    new Promise((resolve, reject) => {
      const keys = events.map(({ event }) => event.dedupKey)
      statements.push({
        keys,
        end: (error) => (error ? reject(error) : resolve(keys.map((key) => !key.startsWith('again'))))
      })
    })
  return { statements, store }
}

/** Before any timer and any answer of a database. */
const sameBreath = (): Promise<void> => Promise.resolve()

describe('AcceptQueue', () => {
  afterEach(async () => {
    for (const statements of held.splice(0)) {
      for (const { end } of statements) end()
      await new Promise(setImmediate)
      for (const { end } of statements) end()
    }
  })

  it('stores a lone event at once', async () => {
    const { statements, store } = heldStore()
    void new AcceptQueue(store).accept(accepted('one'))
    await sameBreath()
    expect(statements.map(({ keys }) => keys)).toEqual([['one']])
  })

  it('stores in one statement what arrives in the same breath', async () => {
    const { statements, store } = heldStore()
    const queue = new AcceptQueue(store)
    for (const key of ['one', 'two']) void queue.accept(accepted(key))
    await sameBreath()
    expect(statements.map(({ keys }) => keys)).toEqual([['one', 'two']])
  })

  it('lets what arrives meanwhile share the next statement, in order', async () => {
    const { statements, store } = heldStore()
    const queue = new AcceptQueue(store)
    const first = queue.accept(accepted('one'))
    await sameBreath()
    const answers = [first, ...['two', 'again', 'three'].map((key) => queue.accept(accepted(key)))]
    statements[0]!.end()
    expect(await answers[0]).toBe(true)
    await new Promise(setImmediate)
    expect(statements.map(({ keys }) => keys)).toEqual([['one'], ['two', 'again', 'three']])
    statements[1]!.end()
    expect(await Promise.all(answers)).toEqual([true, true, false, true])
  })

  it('acknowledges none of a group before its statement ended', async () => {
    const { statements, store } = heldStore()
    const queue = new AcceptQueue(store)
    const done: string[] = []
    const first = queue.accept(accepted('one')).then(() => done.push('one'))
    await sameBreath()
    void queue.accept(accepted('two')).then(() => done.push('two'))
    statements[0]!.end()
    await first
    expect(done).toEqual(['one'])
  })

  it('fails only the bad one of a group', async () => {
    const store = async (events: readonly AcceptedEvent[]): Promise<boolean[]> => {
      if (events.some(({ event }) => event.dedupKey === 'bad'))
        throw Object.assign(new Error('invalid byte sequence'), { code: '22021' })
      return events.map(() => true)
    }
    const queue = new AcceptQueue(store)
    const answers = await Promise.allSettled(['one', 'two', 'bad', 'three'].map((key) => queue.accept(accepted(key))))
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
  })

  it('rejects a whole group at once when the database is away', async () => {
    const groups: number[] = []
    const queue = new AcceptQueue(async (events) => {
      groups.push(events.length)
      throw Object.assign(new Error('terminating connection'), { code: '57P01' })
    })
    const answers = await Promise.allSettled(['one', 'two', 'three'].map((key) => queue.accept(accepted(key))))
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(groups).toEqual([3])
  })

  it('goes on after a failure', async () => {
    let fails = true
    const queue = new AcceptQueue(async (events) => {
      if (fails) throw new Error('the database is away')
      return events.map(() => true)
    })
    await expect(queue.accept(accepted('one'))).rejects.toThrow('away')
    fails = false
    expect(await queue.accept(accepted('one'))).toBe(true)
  })
})
