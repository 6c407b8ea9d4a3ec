import { readArguments } from '../../../playground/start/arguments'

describe('readArguments', () => {
  it('starts the playground without arguments, with an emptied folder on --fresh', () => {
    expect(readArguments([])).toEqual({ run: 'playground', fresh: false })
    expect(readArguments(['--fresh'])).toEqual({ run: 'playground', fresh: true })
  })

  it('says a text as it was given', () => {
    expect(readArguments(['--say', ' hello  @all'])).toEqual({ run: 'say', text: ' hello  @all', json: false })
  })

  it('plays a scenario', () => {
    expect(readArguments(['--scenario', 'hello.yaml'])).toEqual({ run: 'scenario', file: 'hello.yaml', json: false })
  })

  it('speaks JSON where there is something to say, and about wrong usage', () => {
    expect(readArguments(['--json', '--say', 'hi'])).toEqual({ run: 'say', text: 'hi', json: true })
    expect(readArguments(['--scenario', 'a.yaml', '--json'])).toEqual({ run: 'scenario', file: 'a.yaml', json: true })
    for (const argv of [['--json'], ['--json', '--bogus'], ['--json', '--say', ' ']])
      expect(readArguments(argv)).toEqual({ run: 'usage', problem: expect.any(String) as string, json: true })
  })

  it('connects the real Lark', () => {
    expect(readArguments(['--real'])).toEqual({ run: 'real' })
  })

  it('explains itself on --help', () => {
    expect(readArguments(['--help'])).toEqual({ run: 'usage' })
  })

  it.each([
    [['--bogus']],
    [['hello']],
    [['--say']],
    [['--say', '  ']],
    [['--fresh=1']],
    [['--scenario']],
    [['--scenario', ' ']],
    [['--say', 'hi', '--scenario', 'a.yaml']],
    [['--real', '--say', 'hi']],
    [['--real=cli_1']]
  ])('names the problem with %j', (argv) => {
    expect(readArguments(argv)).toEqual({ run: 'usage', problem: expect.any(String) as string })
  })
})
