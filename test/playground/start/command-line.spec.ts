import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ROOT = join(__dirname, '..', '..', '..')
const DONE_WITHIN_MS = 240_000

interface Ended {
  code: number
  stdout: string
  stderr: string
}

const start = (...argv: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const args = ['-r', './scripts/register.cjs', 'playground/start.ts', ...argv]
    execFile(process.execPath, args, { cwd: ROOT }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr })
    )
  })

describe('npm start', () => {
  const folder = mkdtempSync(join(tmpdir(), 'command-line-spec-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const fileWith = (name: string, steps: string): string => {
    const file = join(folder, name)
    const head =
      'people: [Mei]\nbots: [{ name: Ada, transport: webhook, script: { kind: stream, text: Yes. } }]\nsteps:\n'
    writeFileSync(file, head + steps)
    return file
  }

  it(
    'ends with 2 and the places of a wrong file, as text or JSON',
    async () => {
      const file = fileWith('wrong.yaml', '  - say: { by: Mei, to: Eve, text: hello }\n')
      const asText = await start('--scenario', file)
      expect(asText).toEqual({
        code: 2,
        stdout: '',
        stderr: expect.stringContaining('steps/0/say/to: "Eve"') as string
      })
      const asJson = await start('--scenario', file, '--json')
      expect({ code: asJson.code, ...(JSON.parse(asJson.stdout) as object) }).toEqual({
        code: 2,
        error: expect.stringContaining('is not a scenario') as string,
        problems: [{ at: 'steps/0/say/to', line: 4, message: '"Eve" is not known; known are Ada' }]
      })
    },
    DONE_WITHIN_MS
  )

  it(
    'ends with 2 and JSON on wrong usage with --json',
    async () => {
      const { code, stdout } = await start('--json')
      expect({ code, ...(JSON.parse(stdout) as object) }).toEqual({
        code: 2,
        error: '--json needs --say or --scenario'
      })
    },
    DONE_WITHIN_MS
  )

  it(
    'ends with 1 and the step that failed, in one JSON document',
    async () => {
      const steps = `  - say: { by: Mei, to: Ada, text: hello, id: hello }
  - expect: { message: hello, text: Yes., state: answered }
  - expect: { message: hello, text: No., withinSeconds: 0.1 }
`
      const { code, stdout } = await start('--scenario', fileWith('fails.yaml', steps), '--json')
      const ms = expect.any(Number) as number
      const outcome = { state: 'answered', reason: 'answered' }
      expect(code).toBe(1)
      expect(JSON.parse(stdout)).toMatchObject({
        passed: false,
        steps: [
          { step: 'steps/0/say', said: { text: 'hello' }, passed: true, ms },
          {
            step: 'steps/1/expect',
            expected: { text: 'Yes.' },
            seen: { text: 'Yes.', state: [outcome] },
            passed: true
          },
          {
            step: 'steps/2/expect',
            seen: { text: 'Yes.' },
            passed: false,
            failed: ['steps/2/expect/text'],
            noted: [{ message: 'hello', rows: [{ state: 'answered' }] }]
          }
        ],
        messages: [{ id: 'hello', text: 'hello', endMs: ms, firstSign: { ms }, outcomes: [outcome] }]
      })
    },
    DONE_WITHIN_MS
  )

  it(
    'says a text and ends with 0, in one JSON document',
    async () => {
      const { code, stdout } = await start('--say', 'hello', '--json')
      const ms = expect.any(Number) as number
      const answered = { text: 'hello', passed: true, firstSign: { ms }, endMs: ms, outcomes: [{ state: 'answered' }] }
      expect(code).toBe(0)
      expect(JSON.parse(stdout)).toMatchObject({
        say: 'hello',
        passed: true,
        exchanges: [
          { ...answered, transport: 'long_connection' },
          { ...answered, transport: 'webhook' }
        ]
      })
    },
    DONE_WITHIN_MS
  )
})
