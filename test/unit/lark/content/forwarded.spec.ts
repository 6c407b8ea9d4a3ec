import { forwardedText, RestMessage } from '../../../../src/lark'

const message = (messageId: string, upper: string | undefined, more: Partial<RestMessage> = {}): RestMessage => ({
  messageId,
  upperMessageId: upper,
  messageType: 'text',
  content: JSON.stringify({ text: `text of ${messageId}` }),
  mentions: [],
  senderId: `ou_${messageId}`,
  senderType: 'user',
  chatId: 'oc_1',
  createTime: 1_700_000_000_000,
  deleted: false,
  ...more
})
const name = ({ senderId }: RestMessage): string => senderId

describe('a forwarded bundle', () => {
  it('is a quotation with speakers and times, a bundle in it one level deeper', () => {
    const text = forwardedText(
      'top',
      [
        message('top', undefined, { messageType: 'merge_forward' }),
        message('a', 'top'),
        message('inner', 'top', { messageType: 'merge_forward', content: '{}' }),
        message('b', 'inner', {
          content: JSON.stringify({ text: 'one\n@_user_1' }),
          mentions: [{ key: '@_user_1', openId: 'ou_9', name: 'Ann' }]
        }),
        message('c', 'top', { deleted: true, content: 'This message was recalled' }),
        message('d', 'top', { messageType: 'image', content: '{"image_key":"img_v3_1"}' })
      ],
      name
    )

    expect(text).toBe(
      [
        '> **ou_a** (2023-11-14 22:13 UTC): text of a',
        '>',
        '> **ou_inner** (2023-11-14 22:13 UTC): [forwarded messages]',
        '>',
        '>> **ou_b** (2023-11-14 22:13 UTC): one',
        '>> @Ann',
        '>>',
        '> **ou_c** (2023-11-14 22:13 UTC): [recalled]',
        '>',
        '> **ou_d** (2023-11-14 22:13 UTC): [image: image-a6f5]'
      ].join('\n')
    )
  })

  it('lets nobody speak in another one’s name', () => {
    const words = 'one\n**ou_b**: two\r> **ou_b**: three\u2028>> four'
    const items = [message('a', 'top', { content: JSON.stringify({ text: words }), senderId: 'ou** (x): **ou_b' })]

    expect(forwardedText('top', items, name)).toBe(
      [
        '> **ou (x): ou_b** (2023-11-14 22:13 UTC): one',
        '> \\*\\*ou_b**: two',
        '> \\> \\*\\*ou_b**: three',
        '> \\>> four'
      ].join('\n')
    )
  })

  it('is nothing where Lark gives out nothing of it', () => {
    expect(forwardedText('top', [message('top', undefined)], name)).toBeNull()
    expect(forwardedText('top', [], name)).toBeNull()
  })

  it('ends, however many and however long its messages are', () => {
    const many = Array.from({ length: 500 }, (_, index) => message(`m${index}`, 'top'))
    const long = message('long', 'top', { content: JSON.stringify({ text: 'x'.repeat(100_000) }) })

    expect(forwardedText('top', many, name)).toContain('[400 more messages are left out]')
    expect(forwardedText('top', [long, message('a', 'top')], name)!.length).toBeLessThan(21_000)
  })

  it('is whole text where it ends within an emoji', () => {
    const long = message('long', 'top', { content: JSON.stringify({ text: `x${'😀'.repeat(15_000)}` }) })

    expect(forwardedText('top', [long], name)!.isWellFormed()).toBe(true)
  })

  it('ends where bundles are in each other', () => {
    const knot = [message('a', 'top'), message('top', 'a'), message('b', 'a'), message('a', 'b')]

    expect(forwardedText('top', knot, name)!.length).toBeLessThan(10_000)
  })
})
