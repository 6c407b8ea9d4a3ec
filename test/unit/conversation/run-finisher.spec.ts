import { ShownAnswers } from '../../../src/conversation/answer-files/shown-answers'
import { Attempts } from '../../../src/conversation/attempts'
import { AnswerAssembly } from '../../../src/conversation/answer-assembly'
import { HeldRun, RunFinisher } from '../../../src/conversation/run-finisher'
import { TurnEnd } from '../../../src/conversation/turn-queue'
import { FixedClock } from '../../support/conversation-parts'
import { larkError } from '../../support/fake-lark'

const NOW = new Date('2026-03-01T10:00:00Z')
const AN_HOUR_AGO = new Date('2026-03-01T09:00:00Z')

describe('an answer of which Lark gives no definite word', () => {
  const finish = async (
    heardAt: Date | null,
    finishShown: ShownAnswers['finish'],
    answer: object = { current: { messageId: 'om_1' }, sendingSince: null }
  ): Promise<TurnEnd[]> => {
    const ended: TurnEnd[] = []
    const shown: Pick<ShownAnswers, 'finish'> = { finish: finishShown }
    const attempts: Pick<Attempts, 'end'> = { end: async (_turn, end) => ended.push(end) > 0 }
    const finisher = new RunFinisher(
      undefined as never,
      shown as ShownAnswers,
      undefined as never,
      attempts as Attempts,
      new FixedClock(NOW)
    )
    const progress = { answer: new AnswerAssembly(), heardAt }
    const held = { phase: 'streaming', ...answer }
    const run = { turn: { id: 'turn', startedMsAgo: 60 * 60_000 }, held, progress, language: 'en-US' }
    await finisher.finish(run as unknown as HeldRun, 'answered').catch(() => undefined)
    return ended
  }
  /** As `ReplyWriter`: only the last try is one that ends. */
  const undecided: ShownAnswers['finish'] = async ({ isLastTry }) => {
    if (isLastTry) return { delivery: 'delivery_unknown', markdown: '' }
    throw larkError('retry')
  }

  it('is tried again for less than an hour after its run', async () => {
    expect(await finish(NOW, undecided)).toEqual([])
  })

  it('is given up then, and its card left to be brought to its end', async () => {
    const end = { outcome: 'failed', reason: 'delivery_unknown', closeDue: true }
    expect(await finish(AN_HOUR_AGO, undecided)).toEqual([expect.objectContaining(end)])
  })

  it('is given up an hour after its start where nothing was heard of its run', async () => {
    expect(await finish(null, undecided)).toEqual([expect.objectContaining({ reason: 'delivery_unknown' })])
  })

  it.each([
    ['while it may be sent again as the same message', NOW, true],
    ['not where that would be a second one', AN_HOUR_AGO, false]
  ])(
    'is given up then also where its message may not be there; it is brought to its end %s',
    async (_when, since, closeDue) => {
      const sending = { current: { messageId: null }, sendingSince: since }
      expect(await finish(AN_HOUR_AGO, undecided, sending)).toEqual([expect.objectContaining({ closeDue })])
    }
  )

  it('says why where Lark refuses its words', async () => {
    const refused: ShownAnswers['finish'] = async () => ({ delivery: 'content_refused', markdown: '' })
    const end = { outcome: 'failed', reason: 'content_refused', closeDue: true }
    expect(await finish(NOW, refused)).toEqual([expect.objectContaining(end)])
  })

  it('is brought to its end at any time where what is missing of it was never sent', async () => {
    const unsent = { current: { messageId: null }, sendingSince: null }
    expect(await finish(AN_HOUR_AGO, undecided, unsent)).toEqual([expect.objectContaining({ closeDue: true })])
  })

  it('is not given up where it is there, and only its files are not', async () => {
    const onlyFiles = () => Promise.reject(larkError('retry'))
    expect(await finish(AN_HOUR_AGO, onlyFiles)).toEqual([])
  })
})
