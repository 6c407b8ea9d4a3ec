import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { TENANTS } from '../../playground/xpert-host/seed'
import { MIB, MP4, PDF, PNG } from '../support/bytes'
import { eventually } from '../support/eventually'
import { Bot, World } from '../support/world'

const READ = ['im:message:readonly']
const UPLOAD = ['im:resource']
const dataUrl = (type: string, bytes: Buffer): string => `data:${type};base64,${bytes.toString('base64')}`

const sendFile = async (world: World, bot: Bot, name: string, bytes: Buffer, size?: number) => {
  const { key } = await world.lark.uploadFile({ name, bytes, size })
  const { userId } = await world.person()
  const isImage = key.startsWith('img')
  const content = isImage ? { image_key: key } : { file_key: key, file_name: name }
  return world.lark.say({ userId, appId: bot.app.appId, msgType: isImage ? 'image' : 'file', content })
}

describe('a question whose files are being read', () => {
  let world: World

  beforeAll(async () => {
    world = await World.create()
    await world.startHost({ instance: 'first' })
    await world.startHost({ instance: 'second' })
  })

  afterAll(() => world.end())

  it('has nothing of a message that is taken back meanwhile', async () => {
    const trigger = { summaryWindowSeconds: 3 }
    const bot = await world.hire('webhook', { kind: 'stream', text: 'Read.' }, { scopes: READ, trigger })
    const { userId } = await world.person()
    const secret = await world.lark.say({ userId, appId: bot.app.appId, text: 'a secret' })
    await world.lark.addFault({ on: 'api', api: 'im.messageResource.get', delayMs: 6_000, times: 1 })
    const { key } = await world.lark.uploadFile({ name: 'plan.pdf', bytes: PDF })
    const content = { file_key: key, file_name: 'plan.pdf' }
    await world.lark.say({ userId, appId: bot.app.appId, msgType: 'file', content })
    await eventually('it is being put together', async () => {
      const rows = await world.database.query(
        `SELECT 1 FROM plugin_lark_turn WHERE state = 'running' AND dispatched_at IS NULL AND jsonb_array_length(messages) = 2`
      )
      return rows.length === 1
    })
    await world.lark.recall({ userId, messageId: secret.messageId })
    await eventually('it is taken back', async () => (await world.row(secret.messageId))?.reason === 'recalled')

    const [run] = await world.admin.waitForRuns(bot.expertId, 1)
    expect(run!.input).toContain('plan.pdf')
    expect(run!.input).not.toContain('a secret')
  })
})

describe('files through a host without a workspace', () => {
  let world: World

  beforeAll(async () => {
    world = await World.create()
    await world.startHost({ instance: 'first', workspaceDir: undefined })
  })

  afterAll(() => world.end())

  it('travel along with the question up to 16 MiB', async () => {
    const bot = await world.hire('webhook', { kind: 'stream', text: 'Read.' }, { scopes: READ })
    await sendFile(world, bot, 'plan.pdf', PDF, 16 * MIB)

    const [run] = await world.admin.waitForRuns(bot.expertId, 1)
    expect(run!.files).toMatchObject([{ name: 'plan.pdf', mimeType: 'application/pdf', size: 16 * MIB }])
  })

  it('are refused honestly above that', async () => {
    const bot = await world.hire('webhook', { kind: 'stream', text: 'Read.' }, { scopes: READ })
    const { chatId } = await sendFile(world, bot, 'plan.pdf', PDF, 16 * MIB + 1)

    const [run] = await world.admin.waitForRuns(bot.expertId, 1)
    expect(run!.files).toBeUndefined()
    expect(run!.input).toContain('- plan.pdf: not available, it is larger than can be handed over')
    await world.lark.waitForMessage(chatId, { fromBot: true, textIncludes: '(limit 16 MB for one question): plan.pdf' })
  })

  it('reach a model that looks at images', async () => {
    const prompts: unknown[] = []
    const server = createServer((request, response) => {
      void json(request).then((body) => {
        prompts.push(body)
        const delta = {
          id: 'chatcmpl-1',
          object: 'chat.completion.chunk',
          choices: [{ index: 0, delta: { content: 'A cat.' } }]
        }
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.end(`data: ${JSON.stringify(delta)}\n\ndata: [DONE]\n\n`)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
    const bot = await world.hire('webhook', { kind: 'llm', baseUrl, apiKey: 'none', model: 'eyes' }, { scopes: READ })
    const { chatId } = await sendFile(world, bot, 'cat.png', PNG)

    await world.lark.waitForMessage(chatId, { fromBot: true, textIncludes: 'A cat.' })
    server.close()
    server.closeAllConnections()
    expect(JSON.stringify(prompts[0])).toContain(dataUrl('image/png', PNG))
  })
})

describe('files through a host with a workspace', () => {
  let world: World

  beforeAll(async () => {
    world = await World.create()
    await world.startHost({ instance: 'first' })
  })

  afterEach(async () => {
    await world.host.fault('workspace-files', 'ok')
    await world.host.fault('integration-reads', 'ok')
  })

  afterAll(() => world.end())

  const answer = async (text: string, scopes: readonly string[], prepare?: (bot: Bot) => Promise<void>) => {
    const bot = await world.hire('webhook', { kind: 'stream', text }, { scopes })
    await prepare?.(bot)
    const { userId } = await world.person()
    const asked = await world.lark.say({ userId, appId: bot.app.appId, text: 'show me' })
    const { chatId, messageId } = asked
    await eventually('the answer is there', async () => (await world.row(messageId))?.state === 'answered')
    const card = (await world.lark.read(chatId)).find(({ fromBot, type }) => fromBot && type === 'interactive')!
    return { bot, card, ...asked }
  }

  const inWorkspace = ({ expertId }: Bot, path: string) =>
    join(world.workspaceDir, TENANTS.default.id, 'xperts', expertId, path)
  const store = async (bot: Bot, ...names: string[]) => {
    const folder = inWorkspace(bot, 'out')
    await mkdir(folder, { recursive: true })
    await Promise.all(names.map((name) => writeFile(join(folder, name), PDF)))
  }
  const uploads = (bot: Bot) => world.lark.calls({ appId: bot.app.appId, api: 'im.file.create' })

  it('an image of an answer is shown in its card', async () => {
    const { card, bot } = await answer(`Look: ![a cat](${dataUrl('image/png', PNG)})`, UPLOAD)

    expect(card.text).toMatch(/^Look: !\[a cat\]\(img_\w+\)$/)
    expect((await world.lark.violations()).filter((line) => line.includes(bot.app.appId))).toEqual([])
  })

  it('an image of seven MiB is shown, too, and the answer ends', async () => {
    const large = Buffer.concat([PNG, Buffer.alloc(7 * MIB)])
    const { card } = await answer(`Look: ![a cat](${dataUrl('image/png', large)})`, UPLOAD)

    expect(card.text).toMatch(/^Look: !\[a cat\]\(img_\w+\)$/)
  })

  it('a file of the workspace is sent behind the answer, once', async () => {
    const { card, bot, chatId, messageId } = await answer('Here: [report](/workspace/out/report.pdf)', UPLOAD, (bot) =>
      store(bot, 'report.pdf')
    )
    expect(card.text).toBe('Here: report')

    const files = (await world.lark.read(chatId)).filter(({ fromBot, type }) => fromBot && type === 'file')
    expect(files).toMatchObject([{ replyTo: messageId }])
    expect(await uploads(bot)).toHaveLength(1)
  })

  it('a film and a sound are sent as files, whatever their format', async () => {
    const sound = Buffer.from('\0\0\0\x20ftypM4A ', 'latin1')
    const text = `[film.mp4](${dataUrl('video/mp4', MP4)}) and [sound](${dataUrl('audio/mp4', sound)})`
    const { chatId } = await answer(text, UPLOAD)

    const names = async () => (await world.lark.read(chatId)).flatMap(({ files = [] }) => files.map(({ name }) => name))
    await eventually('both are there', async () => (await names()).length === 2)
    expect(await names()).toEqual(['film.mp4', 'sound.m4a'])
  })

  it('a file of an answer that is asked for again is sent too', async () => {
    const bot = await world.hire(
      'webhook',
      { kind: 'fail', message: 'no luck', afterText: 'Here: [one](/workspace/out/one.pdf)' },
      { scopes: UPLOAD }
    )
    await store(bot, 'one.pdf', 'two.pdf')
    const { userId } = await world.person()
    const { chatId, messageId } = await world.lark.say({ userId, appId: bot.app.appId, text: 'show me' })
    await eventually('the run has failed', async () => (await world.row(messageId))?.state === 'failed')
    const [card] = (await world.lark.read(chatId)).filter(({ fromBot, type }) => fromBot && type === 'interactive')

    const text = 'Here: [two](/workspace/out/two.pdf)'
    await world.admin.updateExpertScript(bot.expertId, { kind: 'stream', text })
    await world.lark.press({ userId, messageId: card!.messageId, button: 'Try again' })
    await eventually('both files are there', async () => {
      const files = (await world.lark.read(chatId)).filter(({ fromBot, type }) => fromBot && type === 'file')
      return files.length === 2
    })
  })

  it('without the permission the answer says so, and stays an answer', async () => {
    const { card } = await answer(`Look: ![a cat](${dataUrl('image/png', PNG)}) Nice.`, [])

    expect(card.text).toBe('Look: (a cat could not be sent: the app lacks the permission im:resource.) Nice.')
  })

  it('a link into the server’s own network is not followed', async () => {
    const { card, bot } = await answer('![x](https://127.0.0.1/x.png) ![y](https://[::1]/y.png)', UPLOAD)

    expect(card.text).toBe('[x](https://127.0.0.1/x.png) [y](https://[::1]/y.png)')
    expect(await world.lark.calls({ appId: bot.app.appId, api: 'im.image.create' })).toEqual([])
  })

  it('ten of 20 MiB pass through less than 64 MiB of memory', async () => {
    const bot = await world.hire('webhook', { kind: 'stream', text: 'Read.' }, { scopes: READ })
    await sendFile(world, bot, 'warm-up.pdf', PDF, MIB)
    await world.admin.waitForRuns(bot.expertId, 1)
    await world.host.memory()
    const resident = async (): Promise<number> =>
      Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${world.host.pid}/status`, 'utf8'))?.[1]) / 1024
    const base = await resident()
    let peak = base
    const watch = setInterval(() => void resident().then((now) => (peak = Math.max(peak, now))), 20)

    const sendAll = async () => {
      const sent = Array.from({ length: 10 }, (_, index) =>
        sendFile(world, bot, `${index}.pdf`, Buffer.concat([PDF, Buffer.from([index])]), 20 * MIB)
      )
      await Promise.all(sent)
      return world.admin.waitForRuns(bot.expertId, 11, 50_000)
    }
    const runs = await sendAll().finally(() => clearInterval(watch))

    const paths = runs.flatMap(({ input }) => /20\.0 MB\), in your workspace: (\S+)/.exec(input)?.[1] ?? [])
    const stored = await Promise.all(paths.map((path) => readFile(inWorkspace(bot, path))))
    expect(stored.map(({ length }) => length)).toEqual(Array.from({ length: 10 }, () => 20 * MIB))
    expect(new Set(stored.map((bytes) => bytes[PDF.length])).size).toBe(10)
    process.stdout.write(`ten files of 20 MiB: ${(peak - base).toFixed(1)} MiB over the base\n`)
    expect(peak - base).toBeLessThan(64)
  })

  it('is asked with its file once the host says again how the app reads it', async () => {
    const bot = await world.hire(
      'webhook',
      { kind: 'stream', text: 'Read.' },
      {
        scopes: READ,
        trigger: { summaryWindowSeconds: 10 }
      }
    )
    const { messageId } = await sendFile(world, bot, 'plan.pdf', PDF)
    await eventually('it is collected', async () => (await world.row(messageId))?.state === 'attached')
    await world.host.fault('integration-reads', 'fail')
    // Longer than the window, and than an integration is cached.
    await world.host.changeClock({ advanceMs: 11_000 })
    await eventually('it is to be asked', async () => {
      const rows = await world.database.query(
        `SELECT 1 FROM plugin_lark_turn WHERE state = 'running' AND anchor_message_id = $1`,
        [messageId]
      )
      return rows.length === 1
    })
    await world.host.fault('integration-reads', 'ok')
    const [run] = await world.admin.waitForRuns(bot.expertId, 1, 30_000)
    expect(run!.files).toMatchObject([{ name: 'plan.pdf' }])
  })

  it('is answered without a file that the host does not take in time, and takes the next one', async () => {
    const bot = await world.hire('webhook', { kind: 'stream', text: 'Read.' }, { scopes: READ })
    await world.host.fault('workspace-files', 'hang')
    const sent = await Promise.all(['a.pdf', 'b.pdf', 'c.pdf'].map((name) => sendFile(world, bot, name, PDF, 17 * MIB)))
    for (const [index, { chatId }] of sent.entries())
      await world.lark.waitForMessage(
        chatId,
        { fromBot: true, textIncludes: `Could not be read: ${'abc'[index]}.pdf` },
        50_000
      )
    const runs = await world.admin.waitForRuns(bot.expertId, 3)
    expect(runs.map(({ files }) => files)).toEqual([undefined, undefined, undefined])

    await world.host.fault('workspace-files', 'ok')
    await sendFile(world, bot, 'd.pdf', PDF, 17 * MIB)
    const last = (await world.admin.waitForRuns(bot.expertId, 4)).at(-1)
    expect(last!.input).toMatch(/- d\.pdf \(application\/pdf, 17\.0 MB\), in your workspace: lark\/\w+\/d\.pdf/)
  }, 90_000)

  it('an answer comes without a file that the host does not give out in time', async () => {
    const bot = await world.hire(
      'webhook',
      { kind: 'stream', text: 'Here: [report](/workspace/out/report.pdf)' },
      { scopes: UPLOAD }
    )
    await store(bot, 'report.pdf')
    await world.host.fault('workspace-files', 'hang')
    const { userId } = await world.person()
    const { chatId, messageId } = await world.lark.say({ userId, appId: bot.app.appId, text: 'show me' })
    await world.lark.waitForMessage(chatId, { fromBot: true, textIncludes: '(report could not be sent here.)' }, 60_000)
    await world.host.fault('workspace-files', 'ok')
    await eventually('the row says so', async () => (await world.row(messageId))?.state === 'answered')
  }, 90_000)
})
