import { ResumeRequest } from '../../src/host'
import { DEFAULT_TURN_OPTIONS } from '../../src/conversation'
import { RunningTurn } from '../../src/conversation/turn-row'
import { newTurn } from '../support/conversation-parts'
import { TurnTables } from '../support/turn-tables'

const NOW = new Date('2026-03-01T10:00:00Z')
const RESUME: ResumeRequest = { conversationId: 'c', target: {}, decision: { type: 'confirm' } }
const nothing = async (): Promise<void> => undefined

describe('what an expert was told of what came before a question', () => {
  const tables = new TurnTables(NOW)
  const { running } = tables
  const options = { ...DEFAULT_TURN_OPTIONS, historyMessages: 10 }
  const open = (messageId: string, second: number, more: Parameters<typeof newTurn>[1] = {}): Promise<string> => {
    const sentAt = new Date(NOW.getTime() + second * 1000).toISOString()
    const message = { messageId, senderId: 'ou_1', text: `text of ${messageId}`, sentAt }
    return tables.open(messageId, { options, message, ...more })
  }
  const end = async (turnId: string, outcome: 'answered' | 'failed' | 'dropped', reason: string, runStartedAt = 1) =>
    tables.parts.attempts.end({ ...(await running(turnId)), runStartedAt }, { outcome, reason })
  const answered = async (messageId: string, second: number, more?: Parameters<typeof newTurn>[1]) => {
    const turnId = await open(messageId, second, more)
    await end(turnId, 'answered', 'answered')
    return turnId
  }
  const toldBefore = async (turn: Pick<RunningTurn, 'id'>): Promise<string[]> =>
    tables.parts.turns.lastTold(await running(turn.id))
  const ask = async (second: number): Promise<string[]> => toldBefore({ id: await open('next', second) })

  it('is nothing where it was asked nothing yet', async () => {
    expect(await ask(1)).toEqual([])
  })

  it('ends with the last question', async () => {
    await answered('m1', 1)
    await answered('m2', 2)
    expect(await ask(3)).toEqual(['m2'])
  })

  it('ends with all messages of one that were collected, also of those that were taken back', async () => {
    const window = { idleSeconds: 3, maxWaitSeconds: 10, maxMessages: 2 }
    const turnId = (await open('m1', 1, { window }), await open('m2', 2, { window }))
    await tables.parts.recalls.recall(turnId, 'm1', nothing)
    await end(turnId, 'answered', 'answered')
    expect(await ask(3)).toEqual(['m1', 'm2'])
  })

  it.each([
    ['failed', 'failed', 'run_failed', 1],
    ['was stopped before its run began', 'dropped', 'stopped', null],
    ['was taken back before its run began', 'dropped', 'recalled', null]
  ] as const)('is not what came before a question that %s', async (_, outcome, reason, runStartedAt) => {
    await answered('m1', 1)
    await end(await open('m2', 2), outcome, reason, runStartedAt as number)
    expect(await ask(3)).toEqual(['m1'])
  })

  it('is what came before one that was stopped in the middle', async () => {
    await answered('m1', 1)
    await end(await open('m2', 2), 'dropped', 'stopped')
    expect(await ask(3)).toEqual(['m2'])
  })

  it('is what came before one that waits for a decision, or was overtaken while it did', async () => {
    const asked = await running(await open('m1', 1))
    await tables.parts.attempts.ask(asked, {}, nothing)
    expect(await ask(2)).toEqual(['m1'])
  })

  it('is what came before one that went on after a decision', async () => {
    const asked = await running(await open('m1', 1))
    await tables.parts.attempts.ask(asked, {}, nothing)
    await tables.parts.attempts.resume(asked.id, RESUME, nothing)
    await end(asked.id, 'answered', 'answered')
    expect(await ask(2)).toEqual(['m1'])
  })

  it('is not what came before one that was asked without, or in another conversation', async () => {
    await answered('m1', 1, { options: DEFAULT_TURN_OPTIONS })
    await answered('m2', 2, { scopeKey: 'direct:oc_2' })
    expect(await ask(3)).toEqual([])
  })

  it('ends with the question that was written last, whichever was asked last', async () => {
    const failed = await open('m1', 1)
    await end(failed, 'failed', 'run_failed')
    await answered('m2', 2)
    await tables.parts.attempts.tryAgain(failed, nothing)
    expect(await toldBefore({ id: failed })).toEqual(['m2'])
    await end(failed, 'answered', 'answered')
    expect(await ask(3)).toEqual(['m2'])
  })

  describe('in a conversation that is gone', () => {
    const endIn = async (turnId: string, conversationId: string, outcome: 'answered' | 'failed', reason: string) =>
      tables.parts.attempts.end(
        { ...(await running(turnId)), conversationId, runStartedAt: 1 },
        { outcome, reason, ...(reason === 'conversation_gone' ? { conversation: 'gone' } : {}) }
      )
    const anew = async (messageId: string, second: number): Promise<string> => {
      const turnId = await open(messageId, second)
      expect(await tables.parts.attempts.dispatchAnew(await running(turnId))).toBe(true)
      return turnId
    }
    beforeEach(async () => endIn(await open('m1', 1), 'c1', 'answered', 'answered'))

    it('is forgotten where the first run of the next one fails', async () => {
      await endIn(await anew('m2', 2), 'c2', 'failed', 'run_failed')
      expect(await ask(3)).toEqual([])
    })

    it('is what came before the first question of the next one, from then on', async () => {
      await endIn(await anew('m2', 2), 'c2', 'answered', 'answered')
      expect(await ask(3)).toEqual(['m2'])
    })

    it('is what came before the question that was waiting when it was given up', async () => {
      const refused = await open('m2', 2)
      const waiting = await open('m3', 3)
      await endIn(refused, 'c1', 'failed', 'conversation_gone')
      await endIn(waiting, 'c2', 'answered', 'answered')
      expect(await ask(4)).toEqual(['m3'])
    })
  })
})
