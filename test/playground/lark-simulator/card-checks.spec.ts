import { checkCard } from '../../../playground/lark-simulator/cards/validate-card'

const references = { hasImage: (key: string) => key === 'img_known', hasPerson: (id: string) => id === 'ou_known' }
const check = (...elements: object[]) => checkCard({ schema: '2.0', body: { elements } }, references)
const markdown = (content: string) => ({ tag: 'markdown', content })

describe('checkCard', () => {
  it('takes a card of every kind of component that the documentation shows', () => {
    const button = {
      tag: 'button',
      type: 'primary',
      text: { tag: 'plain_text', content: 'OK' },
      behaviors: [{ type: 'callback', value: { anything: { tag: 'free' } } }]
    }
    const problem = checkCard(
      {
        schema: '2.0',
        config: {
          streaming_mode: true,
          streaming_config: { print_strategy: 'fast' },
          summary: { content: 's' },
          update_multi: true,
          width_mode: 'fill'
        },
        header: {
          title: { tag: 'plain_text', content: 'T' },
          template: 'blue',
          text_tag_list: [{ tag: 'text_tag', text: { tag: 'plain_text', content: 'new' }, color: 'red' }]
        },
        body: {
          direction: 'vertical',
          elements: [
            markdown('# head\n| a | b |\n| - | - |\n| 1 | 2 |\n![x](img_known) <at id=ou_known></at> <at id=all></at>'),
            {
              tag: 'div',
              text: { tag: 'lark_md', content: '**b**' },
              icon: { tag: 'standard_icon', token: 'chat_outlined' }
            },
            {
              tag: 'column_set',
              flex_mode: 'none',
              columns: [{ tag: 'column', width: 'weighted', weight: 1, elements: [button] }]
            },
            {
              tag: 'collapsible_panel',
              expanded: false,
              header: { title: { tag: 'plain_text', content: 'more' } },
              elements: [markdown('inside')]
            },
            {
              tag: 'form',
              name: 'f',
              elements: [
                { tag: 'input', name: 'i', placeholder: { tag: 'plain_text', content: '?' } },
                { ...button, name: 'go', form_action_type: 'submit' }
              ]
            },
            {
              tag: 'table',
              page_size: 5,
              columns: [{ name: 'a', display_name: 'A', data_type: 'text' }],
              rows: [{ a: 'x' }]
            },
            { tag: 'img', img_key: 'img_known', alt: { tag: 'plain_text', content: 'alt' } },
            { tag: 'hr' }
          ]
        }
      },
      references
    )
    expect(problem).toBeUndefined()
  })

  it('refuses unknown properties in 2.0 and ignores them in 1.0', () => {
    expect(check({ tag: 'markdown', content: 'x', colour: 'red' })).toMatchObject({
      code: 200621,
      message: expect.stringContaining('property: colour')
    })
    expect(checkCard({ schema: '2.0', elements: [] }, references)).toMatchObject({ code: 200621 })
    expect(check({ tag: 'button', text: { tag: 'plain_text', content: 'x' }, value: {} })).toMatchObject({
      code: 200621
    })
    expect(
      checkCard({ whatever: 1, elements: [{ tag: 'markdown', content: 'x', colour: 'red' }] }, references)
    ).toBeUndefined()
  })

  it('refuses the tags that 2.0 removed, and unknown ones', () => {
    expect(check({ tag: 'action', actions: [] })).toMatchObject({
      code: 200861,
      message: expect.stringContaining('unsupported tag action')
    })
    expect(check({ tag: 'note', elements: [] })).toMatchObject({ code: 200861 })
    expect(check({ tag: 'blink' })).toMatchObject({ code: 200621 })
    expect(
      checkCard(
        {
          elements: [
            { tag: 'action', actions: [] },
            { tag: 'note', elements: [] }
          ]
        },
        references
      )
    ).toBeUndefined()
  })

  it('knows the rules of element ids', () => {
    for (const element_id of ['1abc', 'has-dash', 'x'.repeat(21), ''])
      expect(check({ tag: 'hr', element_id })).toMatchObject({ code: 200621 })
    expect(check({ tag: 'hr', element_id: 'a_1' }, { tag: 'hr', element_id: 'a_1' })).toMatchObject({ code: 300301 })
  })

  it('counts texts as elements and markdown tables as tables, code apart', () => {
    const div = { tag: 'div', text: { tag: 'plain_text', content: 'x' } }
    expect(check(...Array.from({ length: 100 }, () => div))).toBeUndefined()
    expect(check(...Array.from({ length: 101 }, () => div))).toMatchObject({ code: 300305 })
    const table = '\n| a | b |\n|---|:-:|\n| 1 | 2 |\n'
    expect(check(markdown(table.repeat(5)))).toBeUndefined()
    expect(check(markdown(table.repeat(6)))).toMatchObject({ code: 11310, message: 'card table number over limit' })
    expect(check(markdown('```\n' + table.repeat(6) + '```'))).toBeUndefined()
  })

  it('refuses images by address and people it does not know', () => {
    expect(check(markdown('![x](https://example.com/a.png)'))).toMatchObject({ code: 200570 })
    expect(check(markdown('`![x](https://example.com/a.png)`'))).toBeUndefined()
    expect(check(markdown('<at id=ou_stranger></at>'))).toMatchObject({ code: 100290 })
  })
})
