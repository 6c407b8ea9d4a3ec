import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ExpertScript } from '../../playground/xpert-host/client'
import { TENANTS } from '../../playground/xpert-host/seed'
import { PDF, PNG } from '../support/bytes'
import { eventually } from '../support/eventually'
import { World } from '../support/world'

const SCOPES = ['im:resource']
const CHART = `![chart](data:image/png;base64,${PNG.toString('base64')})`

describe('the images and files of an answer', () => {
  let world: World

  beforeAll(async () => {
    world = await World.create()
    await world.startHost({ instance: 'first' })
  })

  afterEach(async () => {
    await world.lark.clearFaults()
    await world.host.changeClock({ rate: 1 })
  })

  afterAll(() => world.end())

  const ask = async (script: ExpertScript) => {
    const bot = await world.hire('webhook', script, { scopes: SCOPES })
    const folder = join(world.workspaceDir, TENANTS.default.id, 'xperts', bot.expertId, 'out')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'report.pdf'), PDF)
    const { userId } = await world.person()
    const asked = await world.lark.say({ userId, appId: bot.app.appId, text: 'show me' })
    return { bot, userId, ...asked }
  }
  /** Whose card is there before the last of its text is. */
  const SLOW = {
    kind: 'stream',
    text: 'Here it is: [report](/workspace/out/report.pdf)',
    deltas: 3,
    everyMs: 1_500
  } as const
  const seen = async (chatId: string, type: string) =>
    (await world.lark.read(chatId)).filter((message) => message.fromBot && message.type === type)

  it('are sent, once, although Lark gave no definite answer for a while', async () => {
    const { messageId, chatId } = await ask(SLOW)
    await world.lark.waitForMessage(chatId, { fromBot: true, textIncludes: 'Here' })
    await world.lark.addFault({ on: 'api', api: 'im.message.reply', status: 502, times: 10 })
    await world.host.changeClock({ rate: 10 })
    await world.ended(messageId, 'answered', 'answered')
    expect(await seen(chatId, 'file')).toMatchObject([{ replyTo: messageId }])
    expect(await seen(chatId, 'text')).toEqual([])
    expect(await world.lark.violations()).toEqual([])
  }, 90_000)

  it('keep the next question waiting no longer where somebody asks to stop it', async () => {
    const { bot, userId, messageId, chatId } = await ask(SLOW)
    await world.lark.waitForMessage(chatId, { fromBot: true, textIncludes: 'Here' })
    await world.lark.addFault({ on: 'api', api: 'im.message.reply', status: 502, times: -1 })
    // A try takes half a minute, and without the order there is one after the other.
    await world.host.changeClock({ rate: 10 })
    await eventually('the answer is there, its file is not', async () => {
      const rows = await world.database.query(
        `SELECT 1 FROM plugin_lark_reply reply JOIN plugin_lark_turn turn ON turn.id = reply.turn_id
         WHERE turn.anchor_message_id = $1 AND reply.phase = 'complete' AND reply.fault IS NOT NULL`,
        [messageId]
      )
      return rows.length === 1
    })
    await world.lark.say({ userId, appId: bot.app.appId, text: '/stop' })
    await world.ended(messageId, 'answered', 'answered')
    expect(await seen(chatId, 'file')).toEqual([])
  }, 90_000)

  it('are said to be missing where Lark refuses them', async () => {
    const { messageId, chatId } = await ask(SLOW)
    await world.lark.waitForMessage(chatId, { fromBot: true, textIncludes: 'Here' })
    await world.lark.addFault({ on: 'api', api: 'im.message.reply', status: 400, code: 230055, times: 1 })
    await world.ended(messageId, 'answered', 'answered')
    expect(await seen(chatId, 'file')).toEqual([])
    expect(await seen(chatId, 'text')).toMatchObject([
      { replyTo: messageId, text: '(report.pdf could not be sent here.)' }
    ])
  })

  it('are there when it asks a person, and stay when it goes on', async () => {
    const { userId, messageId, chatId } = await ask({
      kind: 'interrupt',
      tool: 'send_mail',
      args: { to: 'mei@example.com' },
      beforeText: `Look: ${CHART} and [report](/workspace/out/report.pdf).`,
      shape: 'middleware',
      approvedText: 'The mail is sent.',
      rejectedText: 'The mail was not sent.'
    })
    const asked = await world.lark.waitForMessage(chatId, { fromBot: true, textIncludes: 'send_mail' })
    expect(asked.text).toMatch(/Look: !\[chart\]\(img_\w+\) and report\./)
    await eventually('the turn waits', async () => {
      const rows = await world.database.query(
        `SELECT 1 FROM plugin_lark_turn WHERE state = 'approval' AND anchor_message_id = $1`,
        [messageId]
      )
      return rows.length === 1
    })
    expect(await seen(chatId, 'file')).toHaveLength(1)

    await world.lark.press({ userId, messageId: asked.messageId, button: 'Confirm' })
    await world.ended(messageId, 'answered', 'answered')
    const [card] = await seen(chatId, 'interactive')
    expect(card!.text).toMatch(/Look: !\[chart\]\(img_\w+\) and report\.[^]*The mail is sent\./)
    expect(await seen(chatId, 'file')).toHaveLength(1)
    expect(await world.lark.violations()).toEqual([])
  })
})
