import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InvalidScenarioError, type Problem } from '../../../../playground/start/scenario/invalid-scenario'
import { parseScenario, readScenario } from '../../../../playground/start/scenario/read-scenario'

const HEAD = `people: [Mei, Tom]
bots:
  - { name: Ada, transport: webhook, script: { kind: never } }
groups:
  - { name: Team, people: [Mei], bots: [Ada] }
steps:
  - say: { by: Mei, to: Ada, text: hello, id: hello }
`
const FIRST_LINE_AFTER = HEAD.split('\n').length

const problemsOf = (text: string): readonly Problem[] => {
  try {
    parseScenario(text, 'it.yaml')
    return []
  } catch (error) {
    if (error instanceof InvalidScenarioError) return error.problems
    throw error
  }
}

describe('parseScenario', () => {
  it('gives what the file says, with no groups where there are none', () => {
    const text = `
people: [Mei]
bots: [{ name: Ada, transport: webhook, script: { kind: never } }]
steps: [{ say: { by: Mei, to: Ada, text: 'yes' } }]`
    expect(parseScenario(text, 'it.yaml')).toEqual({
      file: 'it.yaml',
      people: ['Mei'],
      bots: [{ name: 'Ada', transport: 'webhook', script: { kind: 'never' } }],
      groups: [],
      steps: [{ say: { by: 'Mei', to: 'Ada', text: 'yes' } }]
    })
  })

  it.each(['restart', 'restart:', 'restart: {}'])('takes a verb that is told nothing: %s', (step) => {
    expect(parseScenario(`${HEAD}  - ${step}\n`, 'it.yaml').steps[1]).toEqual({ restart: {} })
  })

  it.each([
    ['say: { by: Mei, to: Ada }', 'say/text', 'is missing'],
    ['say: { by: Mei, to: Ada, text: 7 }', 'say/text', 'must be string'],
    ['say: { by: Mei, to: Ada, text: hi, loud: true }', 'say/loud', 'is not known here'],
    ['say: { by: Meii, to: Ada, text: hi }', 'say/by', '"Meii" is not known; known are Mei, Tom'],
    ['say: { by: Mei, to: Eve, text: hi }', 'say/to', '"Eve" is not known; known are Ada, Team'],
    ['say: { by: Tom, to: Team, text: hi }', 'say/by', '"Tom" is not in the group "Team"'],
    ['say: { by: Mei, to: Ada, text: hi, id: hello }', 'say/id', 'is the id of an earlier step'],
    ['send: { by: Mei, to: Ada, file: nowhere.png }', 'send/file', 'there is no file "nowhere.png"'],
    ['shout: { by: Mei }', 'shout', 'is not known here; known are say, send'],
    ['{ recall: { message: hello }, restart: {} }', '', 'must have exactly one verb'],
    ['react: { by: Mei, emoji: OK }', 'react', 'needs either message or answerTo'],
    ['fault: { on: fire }', 'fault/on', 'must be one of api, delivery'],
    ['fault: { on: api, bot: Eve }', 'fault/bot', '"Eve" is not known'],
    ['advance: { seconds: -1 }', 'advance/seconds', 'must be > 0'],
    ['expect: { message: later, state: answered }', 'expect/message', '"later" is not known; known are hello'],
    ['expect: { message: hello, state: happy }', 'expect/state', 'must be one of received'],
    ['expect: { message: hello, matches: "(" }', 'expect/matches', 'Unterminated group'],
    ['expect: { message: hello, runs: 1 }', 'expect/runs', 'needs bot'],
    ['expect: { message: hello }', 'expect/message', 'nothing is expected of it'],
    ['expect: { message: hello, bot: Ada, runs: 1 }', 'expect', 'is about one of message, press and bot'],
    ['expect: { text: hi }', 'expect/text', 'needs message or press'],
    ['expect: {}', 'expect', 'expects nothing'],
    ['expect: { violations: some }', 'expect/violations', 'must be none']
  ])('names the place and the line of: %s', (step, below, message) => {
    expect(problemsOf(`${HEAD}  - ${step}\n`)).toEqual([
      {
        at: ['steps/1', below].filter(Boolean).join('/'),
        line: FIRST_LINE_AFTER,
        message: expect.stringContaining(message) as string
      }
    ])
  })

  it('names every problem of people, bots, scripts and groups', () => {
    const text = `
people: [Mei]
bots:
  - { name: Mei, transport: webhook, script: { kind: never }, trigger: { groupUserOpenIds: [Bob] } }
groups:
  - { name: Team, people: [Eve], bots: [] }
steps: [restart]`
    expect(problemsOf(text).map(({ at, line }) => [at, line])).toEqual([
      ['bots/0/name', 4],
      ['bots/0/trigger/groupUserOpenIds/0', 4],
      ['groups/0/people/0', 6]
    ])
    const scripts = `
people: [Mei]
bots:
  - { name: Ada, transport: pigeon, script: { kind: sequence, steps: [{ kind: strem }] } }
  - { name: Bo, transport: webhook, script: { kind: stream } }
steps: []`
    expect(problemsOf(scripts).map(({ at }) => at)).toEqual([
      'bots/0/transport',
      'bots/0/script/steps/0/kind',
      'bots/1/script/text',
      'steps'
    ])
  })

  it.each([['people: [Mei\nbots: {'], ['- a list'], ['']])('refuses what is no scenario at all: %j', (text) => {
    expect(problemsOf(text).length).toBeGreaterThan(0)
  })

  it('says it in a sentence for each place', () => {
    expect(() => parseScenario(`${HEAD}  - recall: {}\n`, 'it.yaml')).toThrow(
      `it.yaml is not a scenario:\n  steps/1/recall/message: is missing (line ${FIRST_LINE_AFTER})`
    )
  })
})

describe('readScenario', () => {
  const folder = mkdtempSync(join(tmpdir(), 'scenario-spec-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('finds files that are sent beside the scenario', () => {
    const file = join(folder, 'send.yaml')
    writeFileSync(file, `${HEAD}  - send: { by: Mei, to: Ada, file: plan.txt }\n`)
    expect(() => readScenario(file)).toThrow('there is no file "plan.txt" beside the scenario')
    writeFileSync(join(folder, 'plan.txt'), 'Buy milk.')
    expect(readScenario(file).steps).toHaveLength(2)
  })

  it('says that there is no such file', () => {
    expect(() => readScenario(join(folder, 'none.yaml'))).toThrow(InvalidScenarioError)
  })
})
