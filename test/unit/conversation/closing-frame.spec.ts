import { closingFrame } from '../../../src/conversation/answer-frame'

describe('the card of a question that nobody decides any more', () => {
  const noteOf = (reason: string, isShared = false) => closingFrame('text', reason, 'en-US', isShared).note

  it.each([
    ['forgotten', 'Nobody decided in time, so this was not done.'],
    ['overtaken', 'You wrote something else, so this was not done.'],
    ['conversation_ended', 'The conversation was ended, so this was not done.'],
    [
      'integration_unusable',
      'The settings of this bot could not be used, so the answer ends here. Please ask again if something is missing.'
    ],
    ['stopped', 'Stopped.'],
    ['recalled', 'Stopped.']
  ])('%s: %s', (reason, note) => {
    expect(noteOf(reason)).toBe(note)
  })

  it('does not say that the reader wrote something where several people speak', () => {
    expect(noteOf('overtaken', true)).toBe('Something else was written here, so this was not done.')
  })

  it('has no room for the data of an image', () => {
    const text = `Look: ![cat](data:image/png;base64,${'A'.repeat(30_000)})`
    expect(closingFrame(text, 'recalled', 'en-US').markdown).toBe('Look: [cat]')
  })

  it('says it in the language of who asked', () => {
    expect(closingFrame('text', 'overtaken', 'zh-Hans').note).toMatch(/\p{Script=Han}/u)
  })
})
