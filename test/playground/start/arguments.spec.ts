import { readArguments } from '../../../playground/start/arguments'

describe('readArguments', () => {
  it('starts the playground without arguments, with an emptied folder on --fresh', () => {
    expect(readArguments([])).toEqual({ run: 'playground', fresh: false })
    expect(readArguments(['--fresh'])).toEqual({ run: 'playground', fresh: true })
  })

  it('says a text as it was given', () => {
    expect(readArguments(['--say', ' hello  @all'])).toEqual({ run: 'say', text: ' hello  @all' })
  })

  it('explains itself on --help', () => {
    expect(readArguments(['--help'])).toEqual({ run: 'usage' })
  })

  it.each([[['--bogus']], [['hello']], [['--say']], [['--say', '  ']], [['--fresh=1']]])(
    'names the problem with %j',
    (argv) => {
      expect(readArguments(argv)).toEqual({ run: 'usage', problem: expect.any(String) as string })
    }
  )
})
