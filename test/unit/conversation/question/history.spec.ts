import { historyText } from '../../../../src/conversation/question/history'
import { MessageEvent } from '../../../../src/lark'

const said = (openId: string, text: string): MessageEvent =>
  ({
    messageType: 'text',
    content: JSON.stringify({ text }),
    mentions: [],
    sender: { openId, type: 'user' }
  }) as unknown as MessageEvent

const told = (...events: MessageEvent[]): string => historyText(events, (openId) => openId)

describe('what the expert is told of earlier messages', () => {
  it('is nothing where there are none', () => {
    expect(told()).toBe('')
  })

  it('is who said what, the oldest first', () => {
    expect(told(said('Mei', 'one\ntwo'), said('Lin', 'three'))).toBe(
      'Earlier in this chat:\n> [Mei] one\n>   two\n> [Lin] three'
    )
  })

  it('is the latest ones, where all of them are too many', () => {
    const text = told(...Array.from({ length: 100 }, (_, index) => said('Mei', `${index} ${'x'.repeat(100)}`)))
    expect(text).toContain('[Mei] 99 ')
    expect(text).not.toContain('[Mei] 9 ')
    expect(text.endsWith('x')).toBe(true)
    expect(text.length).toBeLessThan(6_300)
  })

  it.each([
    ['the last one', []],
    ['one before others', [said('Lin', 'hm'), said('Mei', 'well')]]
  ])('has the beginning of one that is too long, as %s', (_, behind) => {
    const text = told(said('Lin', 'before'), said('Mei', `ERROR 42 ${'x'.repeat(20_000)}`), ...behind)
    expect(text).toContain('> [Mei] ERROR 42 xxx')
    expect(text).toContain(' […]')
    expect(text).not.toContain('before')
    for (const event of behind) expect(text).toContain((JSON.parse(event.content) as { text: string }).text)
    expect(text.length).toBeLessThan(6_300)
  })
})
