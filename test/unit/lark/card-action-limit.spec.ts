import { CardAction, CardActionResponder, CardResponse, parseCardAction, respondInTime } from '../../../src/lark'
import { larkFixture } from '../../support/lark-fixture'

class TestResponder extends CardActionResponder {
  constructor(private readonly answer: () => Promise<CardResponse>) {
    super()
  }

  respond(_action: CardAction): Promise<CardResponse> {
    return this.answer()
  }
}

describe('the answer to a click', () => {
  const action = parseCardAction(larkFixture('card-action'))
  const respond = (answer: () => Promise<CardResponse>, limitMs = 1_000) =>
    respondInTime(new TestResponder(answer), action, 'i-1', limitMs)

  it('is the responder’s', async () => {
    const toast = { type: 'success' as const, content: 'done' }
    expect(await respond(async () => ({ toast }))).toEqual({ toast })
  })

  it('is empty when the responder takes too long', async () => {
    expect(await respond(() => new Promise(() => undefined), 5)).toEqual({})
    expect(await respond(() => new Promise(() => undefined), -5)).toEqual({})
  })

  it('is empty when the responder fails, at once or later', async () => {
    expect(await respond(() => Promise.reject(new Error('broken')))).toEqual({})
    expect(
      await respond(() => {
        throw new Error('broken')
      })
    ).toEqual({})
  })
})
