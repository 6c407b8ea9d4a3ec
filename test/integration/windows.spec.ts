import { newTurn } from '../support/conversation-parts'
import { TwoInstances } from '../support/two-instances'

const NOW = new Date('2026-03-01T10:00:00Z')
const after = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000)
const WINDOW = { idleSeconds: 3, maxWaitSeconds: 10, maxMessages: 500 }

describe('windows in PostgreSQL, with two instances', () => {
  const instances = new TwoInstances(NOW)
  const { at, rows } = instances
  const write = (
    messageId: string,
    senderId = 'ou_1',
    more: Parameters<typeof newTurn>[1] = {},
    by = instances.first
  ) => instances.write(messageId, senderId, { window: WINDOW, ...more }, by)
  const endOver = () => Promise.all([instances.first.windows.endOver(), instances.second.windows.endOver()])
  const inputs = (): string[] =>
    [...instances.first.host.queued, ...instances.second.host.queued].map(
      ({ payload }) => (payload as { request: { message: { input: { input: string } } } }).request.message.input.input
    )
  const idsOf = (row: { messages: { messageId: string }[] }): string[] => row.messages.map(({ messageId }) => messageId)

  it('collect one sender’s messages, in order, in one run that replies to the last', async () => {
    for (const id of ['a', 'b', 'c']) await write(id)
    at(after(2.9))
    await endOver()
    expect(await rows()).toMatchObject([{ state: 'window' }])
    at(after(3.1))
    await endOver()
    expect(await rows()).toMatchObject([{ state: 'running', anchor_message_id: 'c' }])
    expect(inputs()).toEqual(['text of a\n\ntext of b\n\ntext of c'])
  })

  it('lose nothing of 200 messages at once, over two instances, and run once', async () => {
    const ids = Array.from({ length: 200 }, (_, index) => `m${index}`)
    const turns = await Promise.all(
      ids.map((id, index) => write(id, 'ou_1', {}, index % 2 ? instances.first : instances.second))
    )
    expect(new Set(turns).size).toBe(1)
    at(after(4))
    await endOver()
    const [row, ...others] = await rows()
    expect(others).toEqual([])
    expect(idsOf(row!).sort()).toEqual([...ids].sort())
    expect(inputs()).toHaveLength(1)
    for (const id of ids) expect(inputs()[0]!.split('\n\n')).toContain(`text of ${id}`)
  })

  it('keep 100 senders of one group apart, and run one after the other', async () => {
    const senders = Array.from({ length: 100 }, (_, index) => `ou_${index}`)
    const group = { scopeKey: 'group:oc_1', chatType: 'group' as const, chatId: 'oc_1' }
    const said = senders.flatMap((sender) => [0, 1].map((number) => ({ sender, id: `${sender}-${number}` })))
    await Promise.all(
      said.map(({ sender, id }, index) => write(id, sender, group, index % 2 ? instances.first : instances.second))
    )
    at(after(4))
    await endOver()
    const all = await rows()
    expect(all.map(({ sender_id }) => sender_id).sort()).toEqual([...senders].sort())
    for (const row of all) expect(idsOf(row).sort()).toEqual([`${row.sender_id}-0`, `${row.sender_id}-1`])
    expect(all.filter(({ state }) => state === 'running')).toHaveLength(1)
    expect(all.filter(({ state }) => state === 'waiting')).toHaveLength(99)
  })

  it('begin again with each message, and end at the longest wait all the same', async () => {
    for (let second = 0; second < 10; second += 2) {
      at(after(second))
      await write(`m${second}`)
      await endOver()
    }
    at(after(9.9))
    await endOver()
    expect(await rows()).toMatchObject([{ state: 'window' }])
    at(after(10.1))
    await endOver()
    const [row] = await rows()
    expect(row).toMatchObject({ state: 'running' })
    expect(idsOf(row!)).toEqual(['m0', 'm2', 'm4', 'm6', 'm8'])
  })

  it('end when they are full, and the next message opens the next one', async () => {
    const window = { ...WINDOW, maxMessages: 2 }
    for (const id of ['a', 'b', 'c']) await write(id, 'ou_1', { window })
    const [full, next] = await rows()
    expect([full!.state, idsOf(full!)]).toEqual(['running', ['a', 'b']])
    expect([next!.state, idsOf(next!)]).toEqual(['window', ['c']])
    expect(inputs()).toEqual(['text of a\n\ntext of b'])
  })

  it('take no message any more once they are over: it opens the next one, whoever ends the first', async () => {
    for (let round = 0; round < 20; round += 1) {
      const scope = { scopeKey: `direct:${round}` }
      at(NOW)
      await write(`a${round}`, 'ou_1', scope)
      at(after(3))
      await Promise.all([endOver(), write(`b${round}`, 'ou_1', scope, instances.second)])
    }
    const all = await rows()
    expect(all).toHaveLength(40)
    expect(all.every(({ messages }) => messages.length === 1)).toBe(true)
    expect(all.filter(({ state }) => state === 'running').map(idsOf)).toHaveLength(20)
    expect(inputs()).toHaveLength(20)
    expect(inputs().every((text) => text.startsWith('text of a'))).toBe(true)
  })

  it('wait behind a run of their session', async () => {
    await write('running', 'ou_1', { window: null })
    await write('collected')
    at(after(4))
    await endOver()
    expect((await rows()).map(({ state }) => state)).toEqual(['running', 'waiting'])
    const [turn] = await rows()
    const { attempt } = (
      await instances.database.query<{ attempt: string }>(`SELECT attempt FROM plugin_lark_turn WHERE id = $1`, [
        turn!.id
      ])
    )[0]!
    await instances.first.attempts.end((await instances.first.turns.findRunning(turn!.id, attempt))!, {
      outcome: 'answered',
      reason: 'answered'
    })
    expect((await rows()).map(({ state }) => state)).toEqual(['ended', 'running'])
    expect(inputs()).toEqual(['text of running', 'text of collected'])
  })

  it('are ended by another instance when theirs is gone', async () => {
    await write('orphan')
    await instances.first.windows.stop()
    instances.second.clock.at = after(4)
    await instances.second.windows.endOver()
    expect(await rows()).toMatchObject([{ state: 'running' }])
  })

  describe('and commands', () => {
    const scope = newTurn('any')

    it('end the sender’s window at once, in the session that it was written to', async () => {
      await write('before')
      await instances.first.conversations.startNew(scope, 'ou_1', async () => {})
      await write('after', 'ou_1', { window: null })
      expect(inputs()).toEqual(['text of before', 'text of after'])
      const sessions = await instances.database.query<{ open: number; all: number }>(
        `SELECT count(*) FILTER (WHERE closed_at IS NULL)::int AS open, count(*)::int AS all FROM plugin_lark_session`
      )
      expect(sessions).toEqual([{ open: 1, all: 2 }])
    })

    const order = { senderId: 'ou_1', isApprover: false, sentUntil: NOW }

    it('drop what is collected at a stop, when nothing runs', async () => {
      const turnId = await write('before')
      expect(await instances.first.commands.stop(scope, order)).toBe('collected')
      expect(await instances.first.commands.stop(scope, order)).toBe('nothing')
      expect(instances.first.outcome.ended).toEqual([{ turnId, outcome: 'dropped', reason: 'stopped' }])
      expect((await rows())[0]!.messages).toEqual([expect.not.objectContaining({ text: expect.anything() as unknown })])
    })

    it('stop what runs, and let the collected message follow it', async () => {
      await write('running', 'ou_1', { window: null })
      await write('collected')
      expect(await instances.first.commands.stop(scope, order)).toBe('running')
      expect((await rows()).map(({ state }) => state)).toEqual(['running', 'waiting'])
    })

    describe('outside every thread', () => {
      const sentAt = (seconds: number) => after(seconds).toISOString()
      const inThread = (id: string, sender: string, seconds: number, more: Parameters<typeof newTurn>[1] = {}) => {
        const message = { messageId: id, senderId: sender, text: `text of ${id}`, sentAt: sentAt(seconds) }
        return instances.first.conversations.open(
          newTurn(id, { window: WINDOW, scopeKey: `root:oc_1:${id}`, ...more, message }),
          async () => undefined
        )
      }
      const states = async () =>
        Object.fromEntries((await rows()).map(({ anchor_message_id: id, state }) => [id, state]))

      it('stop what runs for their sender in the chat, and drop what they have collected until then', async () => {
        await inThread('running', 'ou_1', 0, { window: null })
        await inThread('one', 'ou_1', 1)
        await inThread('two', 'ou_1', 2)
        await inThread('later', 'ou_1', 9)
        await inThread('of another', 'ou_2', 1)
        await inThread('elsewhere', 'ou_1', 1, { chatId: 'oc_2' })
        expect(await instances.second.commands.stopInChat(scope, 'ou_1', after(3))).toBe('collected')
        expect(await states()).toEqual({
          running: 'running',
          one: 'ended',
          two: 'ended',
          later: 'window',
          'of another': 'window',
          elsewhere: 'window'
        })
        const stops = await instances.database.query(
          `SELECT stop_reason FROM plugin_lark_turn WHERE stop_reason IS NOT NULL`
        )
        expect(stops).toEqual([{ stop_reason: 'stopped' }])
        expect(instances.second.outcome.ended).toMatchObject([{ reason: 'stopped' }, { reason: 'stopped' }])

        expect(await instances.second.commands.stopInChat(scope, 'ou_1', after(3))).toBe('running')
        expect(await instances.second.commands.stopInChat(scope, 'ou_3', after(3))).toBe('nothing')
      })

      it('drop each message once while another instance collects more', async () => {
        const ids = Array.from({ length: 40 }, (_, index) => `m${index}`)
        await Promise.all([
          ...ids.map((id, index) => inThread(id, 'ou_1', 1, { scopeKey: `root:oc_1:${index % 4}` })),
          ...ids.map(() => instances.second.commands.stopInChat(scope, 'ou_1', after(3)))
        ])
        await instances.second.commands.stopInChat(scope, 'ou_1', after(3))
        expect(new Set((await rows()).map(({ state }) => state))).toEqual(new Set(['ended']))
        expect((await rows()).flatMap(idsOf).sort()).toEqual([...ids].sort())
        const dropped = instances.second.outcome.ended.map(({ turnId }) => turnId)
        expect(dropped.sort()).toEqual((await rows()).map(({ id }) => id).sort())
      })
    })

    it('begin the new session with the text behind the command', async () => {
      await write('old', 'ou_1', { window: null })
      await write('new', 'ou_1', { window: null, startsNew: true })
      expect(inputs()).toEqual(['text of old', 'text of new'])
    })
  })

  describe('and recalls', () => {
    const dropped: string[] = []
    const alone = (id: string) => async (): Promise<void> => void dropped.push(id)

    beforeEach(() => dropped.splice(0))

    const fail = async (turnId: string): Promise<void> => {
      const [row] = await instances.database.query<{ attempt: string }>(`SELECT attempt FROM plugin_lark_turn`)
      const turn = (await instances.first.turns.findRunning(turnId, row!.attempt))!
      await instances.first.attempts.end(turn, { outcome: 'failed', reason: 'run_failed' })
    }

    it('forget one of several messages, and answer the others', async () => {
      const turnId = await write('a')
      await write('b')
      await instances.first.recalls.recall(turnId, 'b', alone('b'))
      at(after(4))
      await endOver()
      expect(dropped).toEqual(['b'])
      expect(inputs()).toEqual(['text of a'])
      expect(await rows()).toMatchObject([{ anchor_message_id: 'a' }])
    })

    it('drop a turn that answers nothing else, collected or waiting', async () => {
      await write('running', 'ou_1', { window: null })
      const waiting = await write('waits', 'ou_1', { window: null })
      const collected = await write('collected')
      await instances.first.recalls.recall(waiting, 'waits', alone('waits'))
      await instances.first.recalls.recall(collected, 'collected', alone('collected'))
      expect(dropped).toEqual([])
      expect(instances.first.outcome.ended.map(({ reason }) => reason)).toEqual(['recalled', 'recalled'])
      expect((await rows()).map(({ state }) => state)).toEqual(['running', 'ended', 'ended'])
    })

    it('cancel a run that answers only the message, and leave one that answers more', async () => {
      const only = await write('only', 'ou_1', { window: null, scopeKey: 'direct:1' })
      await instances.first.recalls.recall(only, 'only', alone('only'))
      const stops = () =>
        instances.database.query(`SELECT stop_reason FROM plugin_lark_turn WHERE stop_reason IS NOT NULL`)
      expect(await stops()).toEqual([{ stop_reason: 'recalled' }])
      const both = await write('one', 'ou_1', { scopeKey: 'direct:2' })
      await write('two', 'ou_1', { scopeKey: 'direct:2' })
      at(after(4))
      await endOver()
      await instances.first.recalls.recall(both, 'one', alone('one'))
      expect(await stops()).toHaveLength(1)
      expect(dropped).toEqual(['one'])
    })

    it('leave what is left to be asked again, whichever message is gone, until all are', async () => {
      const turnId = await write('a')
      await write('b')
      at(after(4))
      await endOver()
      const { attempts, recalls, clickedTurns } = instances.first
      await recalls.recall(turnId, 'a', alone('a'))
      await fail(turnId)
      expect(await clickedTurns.find(turnId)).toMatchObject({ canAskAgain: true })
      expect(await attempts.tryAgain(turnId, async () => {})).toBe(true)
      expect(inputs().sort()).toEqual(['text of a\n\ntext of b', 'text of b'])

      await fail(turnId)
      await recalls.recall(turnId, 'b', alone('b'))
      expect(await clickedTurns.find(turnId)).toMatchObject({ canAskAgain: false })
      expect(await attempts.tryAgain(turnId, async () => {})).toBe(false)
    })

    it('scrub the text of what has ended', async () => {
      const turnId = await write('a', 'ou_1', { window: null })
      await fail(turnId)
      expect((await rows())[0]!.messages).toEqual([expect.objectContaining({ text: 'text of a' })])
      await instances.first.recalls.recall(turnId, 'a', alone('a'))
      expect((await rows())[0]!.messages).toEqual([{ messageId: 'a', senderId: 'ou_1' }])
    })
  })
})
