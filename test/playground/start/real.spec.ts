import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { LarkSimulator, type SimApp } from '../../../playground/lark-simulator/client'
import { readCredentials, type Terminal } from '../../../playground/start/real/credentials'

const ROOT = resolve(__dirname, '../../..')

describe('the credentials of --real', () => {
  const nobody: Terminal = { isInteractive: false, ask: () => Promise.reject(new Error('nobody is there')) }
  const person = (answers: Record<string, string>) => {
    const asked: { question: string; hidden: boolean }[] = []
    const terminal: Terminal = {
      isInteractive: true,
      ask: async (question, { hidden }) => {
        asked.push({ question, hidden })
        return Object.entries(answers).find(([start]) => question.startsWith(start))?.[1] ?? ''
      }
    }
    return { asked, terminal }
  }

  it('come from the environment, and nobody is asked', async () => {
    const env = { LARK_APP_ID: 'cli_1', LARK_APP_SECRET: 's', LARK_REGION: 'lark' }
    expect(await readCredentials(env, nobody)).toEqual({ appId: 'cli_1', appSecret: 's', region: 'lark' })
    expect(await readCredentials({ ...env, LARK_REGION: undefined }, nobody)).toMatchObject({ region: 'feishu' })
  })

  it('are asked for in a terminal, the secret unseen', async () => {
    const { asked, terminal } = person({ 'App ID': ' cli_2 ', 'App Secret': 's2', Region: 'Lark' })
    expect(await readCredentials({}, terminal)).toEqual({ appId: 'cli_2', appSecret: 's2', region: 'lark' })
    expect(asked.map(({ question, hidden }) => [question.split(':')[0]!.split(' (')[0], hidden])).toEqual([
      ['App ID', false],
      ['App Secret', true],
      ['Region', false]
    ])
  })

  it('are refused in words', async () => {
    await expect(readCredentials({ LARK_APP_ID: 'cli_1' }, nobody)).rejects.toThrow('Set LARK_APP_SECRET')
    await expect(readCredentials({}, person({}).terminal)).rejects.toThrow('are needed')
    const env = { LARK_APP_ID: 'cli_1', LARK_APP_SECRET: 's', LARK_REGION: 'mars' }
    await expect(readCredentials(env, nobody)).rejects.toThrow('The region is feishu or lark, not "mars".')
  })
})

describe('npm start -- --real', () => {
  let lark: LarkSimulator
  let app: SimApp
  let state: string
  let model: Server
  const children: ChildProcess[] = []

  beforeAll(async () => {
    lark = await LarkSimulator.spawn()
    app = await lark.createApp({ transport: 'long_connection', name: 'Real Ada' })
    state = await mkdtemp(join(tmpdir(), 'lark-real-'))
    // An OpenAI-compatible server that says one sentence.
    model = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (const content of ['I am ', 'a model.']) {
        const choices = [{ index: 0, delta: { role: 'assistant', content } }]
        response.write(`data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', choices })}\n\n`)
      }
      response.end('data: [DONE]\n\n')
    }).listen(0, '127.0.0.1')
    await once(model, 'listening')
  })

  afterAll(async () => {
    for (const child of children) if (child.exitCode === null) child.kill('SIGKILL')
    model.closeAllConnections()
    model.close()
    await lark.stop()
    await rm(state, { recursive: true, force: true })
  })

  /** What it prints, as it comes, and its exit code. */
  const start = (env: NodeJS.ProcessEnv) => {
    const child = spawn(process.execPath, ['-r', './scripts/register.cjs', 'playground/start.ts', '--real'], {
      cwd: ROOT,
      env: { ...process.env, LARK_BASE_URL: lark.url, PLAYGROUND_STATE: state, npm_lifecycle_event: '', ...env },
      stdio: ['ignore', 'pipe', 'pipe']
    })
    children.push(child)
    let output = ''
    const listeners: (() => void)[] = []
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString()
        for (const look of listeners) look()
      })
    const exit = once(child, 'close').then(([code]) => code as number)
    return {
      child,
      exit,
      output: () => output,
      printed: (text: string) =>
        new Promise<void>((done, fail) => {
          const look = () => output.includes(text) && done()
          listeners.push(look)
          look()
          void exit.then((code) => fail(new Error(`it ended with ${code}:\n${output}`)))
        })
    }
  }

  it('makes this machine a bot whose expert is a model, and leaves nothing', async () => {
    const openai = `http://127.0.0.1:${(model.address() as AddressInfo).port}/v1`
    const run = start({ LARK_APP_ID: app.appId, LARK_APP_SECRET: app.appSecret, OPENAI_BASE_URL: openai })
    await run.printed('Real Ada is connected')
    const { userId } = await lark.createUser({ name: 'Mei' })
    const { chatId, messageId } = await lark.say({ userId, appId: app.appId, text: 'who are you?' })
    await lark.waitForMessage(chatId, { fromBot: true, replyTo: messageId, textIncludes: 'I am a model.' }, 60_000)
    run.child.kill('SIGTERM')
    expect(await run.exit).toBe(0)
    expect(run.output()).not.toContain(app.appSecret)
    expect(await readdir(state)).toEqual([])
  }, 180_000)

  it('says what is wrong in the words of the test, without a stack', async () => {
    const run = start({ LARK_APP_ID: app.appId, LARK_APP_SECRET: 'wrong' })
    expect(await run.exit).toBe(1)
    expect(run.output()).toContain('Lark did not accept the App ID and App Secret.')
    expect(run.output()).not.toMatch(/^\s+at /m)
  }, 180_000)

  it('asks nobody where there is no terminal', async () => {
    const run = start({ LARK_APP_ID: app.appId, LARK_APP_SECRET: '' })
    expect(await run.exit).toBe(2)
    expect(run.output()).toContain('Set LARK_APP_SECRET')
  }, 180_000)
})
