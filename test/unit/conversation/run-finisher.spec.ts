import { ShownAnswers } from '../../../src/conversation/answer-files/shown-answers'
import { Attempts } from '../../../src/conversation/attempts'
import { AnswerAssembly } from '../../../src/conversation/answer-assembly'
import { HeldRun, RunFinisher } from '../../../src/conversation/run-finisher'
import { TurnEnd } from '../../../src/conversation/turn-queue'
import { FixedClock } from '../../support/conversation-parts'
import { larkError } from '../../support/fake-lark'

const NOW = new Date('2026-03-01T10:00:00Z')
const AN_HOUR_AGO = new Date('2026-03-01T09:00:00Z')

describe('an answer of which Lark gives no definite word, an hour after its run', () => {
  const finish = async (isThere: boolean): Promise<TurnEnd[]> => {
    const ended: TurnEnd[] = []
    const shown: Pick<ShownAnswers, 'finish'> = {
      finish: async ({ held, phase }) => {
        if (isThere) held.phase = phase
        throw larkError('retry')
      }
    }
    const attempts: Pick<Attempts, 'end'> = { end: async (_turn, end) => ended.push(end) > 0 }
    const finisher = new RunFinisher(
      undefined as never,
      shown as ShownAnswers,
      undefined as never,
      attempts as Attempts,
      new FixedClock(NOW)
    )
    const progress = { answer: new AnswerAssembly(), heardAt: AN_HOUR_AGO }
    const run = { turn: { id: 'turn' }, held: { phase: 'streaming' }, progress, language: 'en-US' }
    await finisher.finish(run as unknown as HeldRun, 'answered').catch(() => undefined)
    return ended
  }

  it('is given up', async () => {
    expect(await finish(false)).toEqual([{ outcome: 'failed', reason: 'delivery_unknown' }])
  })

  it('is not where it is there, and only its files are not', async () => {
    expect(await finish(true)).toEqual([])
  })
})
