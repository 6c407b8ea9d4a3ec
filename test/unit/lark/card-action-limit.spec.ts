import { Logger } from '@nestjs/common'
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
  const respond = (answer: () => Promise<CardResponse>, spentMs = 0) =>
    respondInTime(new TestResponder(answer), action, 'i-1', spentMs)

  it('is the responder’s', async () => {
    const toast = { type: 'success' as const, content: 'done' }
    expect(await respond(async () => ({ toast }))).toEqual({ toast })
  })

  it('is empty when the responder takes too long', async () => {
    expect(await respond(() => new Promise(() => undefined), 1_995)).toEqual({})
    expect(await respond(() => new Promise(() => undefined), 2_005)).toEqual({})
  })

  it('is empty when the responder fails, at once or later, and an operator sees why', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation()
    expect(await respond(() => Promise.reject(new Error('broken')))).toEqual({})
    expect(
      await respond(() => {
        throw new Error('broken')
      })
    ).toEqual({})
    const lines = warn.mock.calls.map(([line]) => String(line))
    expect(lines).toHaveLength(2)
    for (const line of lines) expect(line).toMatch(/^a click got no answer integration=i-1 .*error=broken$/)
    warn.mockRestore()
  })
})
