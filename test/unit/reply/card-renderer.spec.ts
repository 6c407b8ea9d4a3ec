import fc from 'fast-check'
import { answerParts } from '../../../src/reply/answer-parts'
import { withoutMentions } from '../../../src/reply/card-markdown'
import { renderCard } from '../../../src/reply/card-renderer'

type Card = {
  schema: string
  config: { update_multi: boolean; summary: { content: string } }
  body: { elements: { tag: string; element_id: string; content: string }[] }
}
const render = (markdown: string, note?: string): Card =>
  renderCard({ markdown: answerParts(markdown)[0]!, note }) as Card

describe('renderCard', () => {
  it('is a card that can be patched', () => {
    expect(render('Hello')).toMatchObject({ schema: '2.0', config: { update_multi: true } })
  })

  it('has the answer, and the note below it', () => {
    expect(
      render('**Hello**', 'Working…').body.elements.map(({ element_id, content }) => [element_id, content])
    ).toEqual([
      ['answer', '**Hello**'],
      ['note', 'Working…']
    ])
  })

  it('has no element without text', () => {
    expect(render('', 'Working…').body.elements).toHaveLength(1)
    expect(render('Hello').body.elements).toHaveLength(1)
  })

  it('says in one line what it is about, for the list of chats', () => {
    expect(render('One\n\ntwo   three').config.summary.content).toBe('One two three')
    expect(render('', 'Working…').config.summary.content).toBe('Working…')
    expect(render('x'.repeat(80)).config.summary.content).toBe(`${'x'.repeat(49)}…`)
  })

  it('pings nobody, whatever the model was talked into', () => {
    const { body } = render('Hi <at id=all></at>, <AT user_id="ou_1">x</AT> and <at\nid=ou_2>')
    expect(JSON.stringify(body)).not.toMatch(/<\/?at/i)
  })
})

describe('withoutMentions', () => {
  it('leaves everything else as it is', () => {
    expect(withoutMentions('a < b, <attention>, <b>at</b> @all')).toBe('a < b, <attention>, <b>at</b> @all')
  })

  it('shows the same in code, where an entity would be shown as it is', () => {
    expect(withoutMentions('```\n<at id=all></at>\n```')).toBe('```\n＜at id=all>＜/at>\n```')
  })

  it('leaves no mention in any text', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('<', '/', 'at', 'At', ' ', '>', 'id=all', '＜', 'x')), (pieces) => {
        expect(withoutMentions(pieces.join(''))).not.toMatch(/<[\s/]*at\b/i)
      })
    )
  })
})
