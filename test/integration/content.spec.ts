import { createHash } from 'node:crypto'
import { HostRun } from '../../playground/xpert-host/client'
import { Bot, World } from '../support/world'
import { eventually } from '../support/eventually'
import { MIB, MP4, PDF, PNG } from '../support/bytes'
import contents from '../fixtures/lark/message-contents.json'

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
/** Forms that no person's client makes, and that the simulator therefore does not pass on as they are. */
const FORMS_OF_OTHERS: ReadonlySet<string> = new Set(['post with a locale around it', 'no type'])
const READ = ['im:message:readonly']

describe('what people send', () => {
  let world: World

  beforeAll(async () => {
    world = await World.create()
    await world.startHost({ instance: 'first' })
  })

  afterAll(() => world.end())

  const hire = (scopes: readonly string[] = READ, trigger: Record<string, unknown> = {}) =>
    world.hire('webhook', { kind: 'stream', text: 'Read.' }, { scopes, trigger })

  /** The only run of a bot. */
  const runOf = async (bot: Bot): Promise<HostRun> => (await world.admin.waitForRuns(bot.expertId, 1))[0]!

  const sendFile = async (bot: Bot, name: string, bytes: Buffer, more: { size?: number; userId?: string } = {}) => {
    const { key } = await world.lark.uploadFile({ name, bytes, size: more.size })
    const userId = more.userId ?? (await world.person()).userId
    const image = key.startsWith('img')
    const content = image ? { image_key: key } : { file_key: key, file_name: name }
    const msgType = image ? 'image' : 'file'
    return { userId, ...(await world.lark.say({ userId, appId: bot.app.appId, msgType, content })) }
  }

  describe.each(['webhook', 'long_connection'] as const)('over %s', (transport) => {
    it('reaches the expert, whatever its type is', async () => {
      const bot = await world.hire(transport, { kind: 'stream', text: 'Read.' })
      const said = Object.entries(contents).filter(([name, { text }]) => text !== '' && !FORMS_OF_OTHERS.has(name))
      await Promise.all(
        said.map(async ([name, { messageType, content }]) => {
          const { userId } = await world.person(name)
          return world.lark.say({ userId, appId: bot.app.appId, msgType: messageType, content })
        })
      )
      const runs = await world.admin.waitForRuns(bot.expertId, said.length, 50_000)

      const inputs = runs.map(({ input }) => input)
      for (const [name, { messageType, text }] of said) {
        // The simulator makes its own mentions, of the names of people who are there.
        if (text.includes('@') || messageType === 'text') continue
        const isThere = inputs.some((input) => input.startsWith(text))
        expect({ name, isThere }).toEqual({ name, isThere: true })
      }
    })
  })

  it('brings a file along with the question', async () => {
    const bot = await hire()
    const { chatId, messageId } = await sendFile(bot, 'plan.pdf', PDF)

    const run = await runOf(bot)

    expect(run.files).toEqual([
      { name: 'plan.pdf', mimeType: 'application/pdf', size: PDF.length, sha256: sha256(PDF) }
    ])
    expect(run.input).toBe('[file: plan.pdf]\n\n[attached files]\n- plan.pdf (application/pdf, 1 KB)')
    await world.ended(messageId, 'answered', 'answered')
    expect((await world.lark.waitForMessage(chatId, { fromBot: true, final: true })).text).toBe('Read.')
    expect((await world.lark.violations()).filter((line) => line.includes(bot.app.appId))).toEqual([])
  })

  it('says of a voice message that nobody can listen to it, and asks without it', async () => {
    const bot = await hire()
    const { key } = await world.lark.uploadFile({ name: 'voice.opus', bytes: Buffer.from('OggS a word') })
    const { userId } = await world.person()
    const content = { file_key: key, duration: 2000 }
    const said = await world.lark.say({ userId, appId: bot.app.appId, msgType: 'audio', content })

    const run = await runOf(bot)

    expect(run.files).toBeUndefined()
    expect(run.input).toMatch(/- audio-\w+: not available, you can not listen to sound here$/)
    const replyTo = said.messageId
    await world.lark.waitForMessage(said.chatId, { fromBot: true, replyTo, textIncludes: 'I can not listen to sound' })
    await eventually('the message is answered', async () => (await world.row(replyTo))?.state === 'answered')
  })

  it('says the same of a sound that is sent as a file', async () => {
    const bot = await hire()
    const { chatId, messageId } = await sendFile(bot, 'song.mp3', Buffer.from('ID3\x03\0\0la la'))

    expect((await runOf(bot)).input).toContain('- song.mp3: not available, you can not listen to sound here')
    await world.lark.waitForMessage(chatId, { fromBot: true, replyTo: messageId, textIncludes: 'song.mp3' })
  })

  it('says what a file really is', async () => {
    const bot = await hire()
    await sendFile(bot, 'cat.png', PDF)

    const [file] = (await runOf(bot)).files as { name: string }[]
    expect(file).toMatchObject({ mimeType: 'application/pdf', size: PDF.length })
    expect(file!.name).toMatch(/^image-[0-9a-f]{4}\.pdf$/)
  })

  it('reads twenty files at once, and says of the twenty-first that it did not', async () => {
    const bot = await hire()
    const keys = await Promise.all(
      Array.from({ length: 21 }, (_, index) =>
        world.lark.uploadFile({ name: `${index}.png`, bytes: Buffer.concat([PNG, Buffer.from([index])]) })
      )
    )
    const { userId } = await world.person()
    const nodes = keys.map(({ key }) => ({ tag: 'img', image_key: key }))
    const content = { title: 'Pictures', content: [nodes] }
    const { chatId, messageId } = await world.lark.say({ userId, appId: bot.app.appId, msgType: 'post', content })

    const run = await runOf(bot)

    expect(run.files).toHaveLength(20)
    expect(new Set((run.files as { sha256: string }[]).map((file) => file.sha256)).size).toBe(20)
    expect(run.input).toContain('not available, too many files at once')
    await world.lark.waitForMessage(chatId, {
      fromBot: true,
      replyTo: messageId,
      textIncludes: 'More files than I can read'
    })
  })

  describe('what can not be had', () => {
    const refused = async (bot: Bot, name: string, bytes: Buffer, size?: number) => {
      const { chatId, messageId } = await sendFile(bot, name, bytes, { size })
      const run = await runOf(bot)
      const notice = await world.lark.waitForMessage(chatId, { fromBot: true, replyTo: messageId, textIncludes: name })
      await eventually('the message is answered', async () => (await world.row(messageId))?.state === 'answered')
      return { run, notice: notice.text }
    }

    it('is too large: the expert and the person are told, and the run goes on', async () => {
      const { run, notice } = await refused(await hire(), 'film.mp4', MP4, 30 * MIB)

      expect(run.files).toBeUndefined()
      expect(run.input).toContain('- film.mp4: not available, it is larger than allowed')
      expect(notice).toBe('Too large for me (limit 20 MB): film.mp4')
    })

    it('is too large although Lark did not say how large it is', async () => {
      await world.lark.addFault({ on: 'api', api: 'im.messageResource.get', body: { lengthless: true } })

      expect((await refused(await hire(), 'film.mp4', MP4, 30 * MIB)).run.input).toContain('larger than allowed')
    })

    it('is empty', async () => {
      const { run, notice } = await refused(await hire(), 'void.txt', Buffer.alloc(0))

      expect(run.input).toContain('- void.txt: not available, it is empty')
      expect(notice).toBe('Empty: void.txt')
    })

    it('needs a permission that the app does not have', async () => {
      const { run, notice } = await refused(await hire([]), 'plan.pdf', PDF)

      expect(run.input).toContain('not available, the app lacks the permission im:message:readonly')
      expect(notice).toContain('im:message:readonly')
    })

    it('fails for good', async () => {
      await world.lark.addFault({ on: 'api', api: 'im.messageResource.get', status: 500, times: 3 })

      expect((await refused(await hire(), 'plan.pdf', PDF)).notice).toBe('Could not be read: plan.pdf')
    })

    it.each([
      [234038, 'the chat is confidential'],
      [234009, 'the group is an external one']
    ])('is not given out: %i, %s', async (code) => {
      await world.lark.addFault({ on: 'api', api: 'im.messageResource.get', code })

      expect((await refused(await hire(), 'plan.pdf', PDF)).notice).toBe('Lark does not let me download this: plan.pdf')
    })
  })

  it.each([
    ['the server fails', { status: 502 }],
    ['the answer is refused for its rate', { rateLimited: true }],
    ['the connection breaks in the middle', { body: { cutAfter: 4 } }]
  ])('is read again when %s', async (_name, fault) => {
    await world.lark.addFault({ on: 'api', api: 'im.messageResource.get', times: 1, ...fault })
    const bot = await hire()
    await sendFile(bot, 'plan.pdf', PDF)

    expect((await runOf(bot)).files).toMatchObject([{ sha256: sha256(PDF) }])
  })

  it('does not hold up anybody else while a download stands still', async () => {
    const bot = await hire()
    await world.lark.addFault({ on: 'api', api: 'im.messageResource.get', times: -1, body: { stallAfter: 4 } })
    const slow = await sendFile(bot, 'slow.pdf', PDF)
    await world.lark.waitForCall({ api: 'im.messageResource.get', appId: bot.app.appId, inFlight: true })
    const { userId } = await world.person()
    const quick = await world.lark.say({ userId, appId: bot.app.appId, text: 'hello' })

    await world.lark.waitForMessage(quick.chatId, { fromBot: true, final: true })
    expect((await world.lark.read(slow.chatId)).filter(({ fromBot }) => fromBot)).toEqual([])
    await world.lark.clearFaults()
    await world.lark.waitForMessage(slow.chatId, { fromBot: true, textIncludes: 'Read.' }, 60_000)
  }, 120_000)
})
