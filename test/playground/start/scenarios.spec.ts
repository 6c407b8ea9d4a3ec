import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { play } from '../../../playground/start/scenario/play'
import { parseScenario, readScenario } from '../../../playground/start/scenario/read-scenario'
import type { ScenarioReport } from '../../../playground/start/scenario/report'
import { closing, stepLines } from '../../../playground/start/scenario/transcript'
import { Servers } from '../../../playground/start/servers'

const FOLDER = join(__dirname, '..', '..', '..', 'playground', 'scenarios')
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'))
const PLAYED_WITHIN_MS = 300_000

describe('a scenario', () => {
  let folder: string
  let servers: Servers

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'scenarios-spec-'))
    servers = new Servers({ folder, throwAway: true })
    await servers.start()
  }, PLAYED_WITHIN_MS)

  afterAll(async () => {
    await servers.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const playAll = (scenario: ReturnType<typeof readScenario>): Promise<ScenarioReport> =>
    Promise.race([play(scenario, servers), servers.failed])

  describe.each(FILES)('%s', (file) => {
    it(
      'passes',
      async () => {
        const report = await playAll(readScenario(join(FOLDER, file)))
        // A failure shows the transcript.
        expect(report.passed ? '' : report.steps.map(stepLines).join('\n')).toBe('')
      },
      PLAYED_WITHIN_MS
    )
  })

  const one = (...steps: string[]): string => `
people: [Mei]
bots:
  - { name: Ada, transport: webhook, script: { kind: stream, text: 'You said: {input}.' } }
steps:
${steps.map((step) => `  - ${step}`).join('\n')}
`

  it('fails with the step, what was expected, what was seen and what the plugin noted', async () => {
    const text = one(
      'say: { by: Mei, to: Ada, text: hello, id: first }',
      'expect: { message: first, state: answered }',
      'expect: { message: first, includes: [You said, goodbye], answers: 1, withinSeconds: 1 }',
      'say: { by: Mei, to: Ada, text: never said }'
    )
    const report = await playAll(parseScenario(text, 'wrong.yaml'))

    expect(report.passed).toBe(false)
    expect(report.steps.map(({ at, passed }) => [at, passed])).toEqual([
      ['steps/0/say', true],
      ['steps/1/expect', true],
      ['steps/2/expect', false]
    ])
    const shown = stepLines(report.steps[2]!)
    expect(shown).toContain('steps/2/expect/includes\n')
    expect(shown).toContain('expected  ["You said","goodbye"]\n')
    expect(shown).toContain('seen      "You said: hello."\n')
    expect(shown).not.toContain('steps/2/expect/answers')
    expect(shown).toContain('What the plugin noted about first:')
    expect(shown).toMatch(/ state +answered\n/)
    expect(closing(report)).toMatch(/Step steps\/2\/expect failed\.$/)
  })

  it('fails with a step that can not be done', async () => {
    const text = one(
      'say: { by: Mei, to: Ada, text: hello, id: first }',
      'press: { by: Mei, answerTo: first, button: Self-destruct, withinSeconds: 1 }'
    )
    const report = await playAll(parseScenario(text, 'wrong.yaml'))
    expect(report.steps.at(-1)).toMatchObject({
      at: 'steps/1/press',
      passed: false,
      failed: { problem: expect.stringContaining('no button "Self-destruct"') as string, noted: [{ message: 'first' }] }
    })
  })

  it('does not wait where no waiting helps', async () => {
    const text = one(
      'fault: { on: delivery, bot: Ada, eventType: card.action.trigger, dropAck: true }',
      'say: { by: Mei, to: Ada, text: hello, id: first }',
      'press: { by: Mei, answerTo: first, button: New conversation, id: pressed }',
      'expect: { press: pressed, toast: warning, withinSeconds: 600 }'
    )
    const report = await playAll(parseScenario(text, 'wrong.yaml'))
    expect(report.steps.at(-1)).toMatchObject({ at: 'steps/3/expect', passed: false })
  })

  it('leaves no fault behind', async () => {
    const text = one('fault: { on: api, status: 500, times: -1 }')
    expect(await playAll(parseScenario(text, 'faults.yaml'))).toMatchObject({ passed: true })
    const answer = await fetch(`${servers.simulator.url}/_control/faults`)
    expect(await answer.json()).toEqual([])
  })
})
