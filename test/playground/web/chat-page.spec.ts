import type { Page } from 'playwright-core'
import { describeInBrowser } from '../../support/browser/chromium'
import { eventually } from '../../support/eventually'
import { PagesWorld, type PageLanguage } from '../../support/browser/pages-world'

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64'
)

/** Runs in the page: `window.seen` has every text that the last card had on the screen. */
const WATCH_CARD = `
  window.seen = []
  new MutationObserver(() => {
    const card = [...document.querySelectorAll('.message[data-bot=true] .markdown')].at(-1)
    if (card && seen.at(-1) !== card.innerText) seen.push(card.innerText)
  }).observe(document.body, { childList: true, subtree: true, characterData: true })
`

describeInBrowser('the chat page', () => {
  let world: PagesWorld

  beforeAll(async () => {
    world = await PagesWorld.create()
    await world.hire('Cleo', {
      kind: 'interrupt',
      tool: 'send_mail',
      args: { to: 'mei@example.com' },
      approvedText: 'The mail is sent.',
      rejectedText: 'I did not send it.'
    })
    // Slow enough that no machine shows it in one piece.
    const words = Array.from({ length: 40 }, (_, index) => `word ${index}`).join(' ')
    await world.hire('Dora', { kind: 'stream', text: `**{input}** ${words} the end.`, deltas: 40, everyMs: 120 })
  }, 120_000)

  afterAll(async () => {
    await world.end()
  })

  afterEach(() => {
    expect(world.complaints.splice(0)).toEqual([])
  })

  const openChat = async (page: Page, name: string) => {
    await page.locator('.chat-item', { hasText: name }).first().click()
    await page.locator('.chat-head h1', { hasText: name }).waitFor()
  }

  const say = async (page: Page, text: string) => {
    await page.locator('#text').fill(text)
    await page.locator('#text').press('Enter')
  }

  const answers = (page: Page, text: string | RegExp) => page.locator('.message[data-bot=true]', { hasText: text })

  /** Each language has a person of its own, so that the chats begin empty. */
  const PEOPLE: Record<PageLanguage, { name: string; deliveries: string }> = {
    en: { name: 'Mei', deliveries: 'Deliveries' },
    zh: { name: 'Tom', deliveries: '事件投递' }
  }

  describe.each<PageLanguage>(['en', 'zh'])('in %s', (language) => {
    let page: Page

    beforeAll(async () => {
      page = await world.open('', language)
      await page.getByText(PEOPLE[language].deliveries).waitFor()
      await page.locator('.person', { hasText: PEOPLE[language].name }).click()
    })

    afterAll(() => page.context().close())

    it('shows an answer that grows, and then the whole card', async () => {
      await openChat(page, 'Dora')
      // Every text that the card has had on the screen.
      await page.evaluate(WATCH_CARD)
      await say(page, 'hello there')
      await answers(page, 'the end.').filter({ hasText: 'New conversation' }).first().waitFor()
      await world.picture(page, `chat-${language}`)
      const seen = await page.evaluate<string[]>('window.seen')
      expect(seen.length).toBeGreaterThan(3)
      const growing = seen.filter((text, at) => at > 0 && text.length > seen[at - 1]!.length)
      expect(growing.length).toBeGreaterThan(2)
      expect(await page.locator('.message[data-bot=true]').count()).toBe(1)
      expect(await page.locator('.message .markdown strong').innerText()).toBe('hello there')
    })

    it('begins a new conversation', async () => {
      await openChat(page, 'Ada')
      await say(page, '/new')
      await answers(page, 'A new conversation begins.').first().waitFor()
    })

    it('sends an image and a file, and shows both', async () => {
      await page.locator('input[type=file]').setInputFiles([
        { name: 'dot.png', mimeType: 'image/png', buffer: PNG },
        { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('some notes') }
      ])
      await page.locator('.message.mine .picture img').waitFor()
      await page.locator('.message.mine .file', { hasText: 'notes.txt' }).waitFor()
      await page.locator('.message.mine .picture img').evaluate('image => image.decode()')
      await answers(page, 'notes.txt').first().waitFor()
    })

    it('confirms what an expert wants to do', async () => {
      await openChat(page, 'Cleo')
      await say(page, 'write to Mei')
      const card = answers(page, 'mei@example.com').last()
      await card.locator('.card-button.primary').click()
      await page.locator('.toast').first().waitFor()
      await answers(page, 'The mail is sent.').first().waitFor()
      await world.picture(page, `confirmed-${language}`)
      expect(await page.locator('.message[data-bot=true]').count()).toBe(1)
    })

    it('completes a mention in a group, and only the bot that is meant answers', async () => {
      await openChat(page, 'Product team')
      await page.locator('#text').pressSequentially('@bru')
      await page.locator('.completions [role=option]', { hasText: '@Bruno' }).waitFor()
      await page.locator('#text').press('Enter')
      await page.locator('#text').pressSequentially(`good morning ${language}`)
      await page.locator('#text').press('Enter')
      await answers(page, `good morning ${language}`).filter({ hasText: 'That is all I can do.' }).first().waitFor()
      expect(await answers(page, `good morning ${language}`).locator('.who').innerText()).toContain('Bruno')
    })

    it('opens a topic, replies in it, reacts and recalls', async () => {
      await openChat(page, 'Questions')
      await say(page, `@Ada about ${language}`)
      await answers(page, `about ${language}`).filter({ hasText: 'That is all I can do.' }).first().waitFor()
      // A reply to it has its text, too, as a quote.
      const mine = page.locator('.message.mine:not(.in-thread)', { hasText: `@Ada about ${language}` })
      await mine.hover()
      await mine.locator('.acts button').first().click()
      await page.locator('.composer .hints', { hasText: PEOPLE[language].name }).waitFor()
      await say(page, `@Ada and what of ${language}?`)
      const reply = page.locator('.message.mine.in-thread', { hasText: `and what of ${language}?` })
      await reply.waitFor()
      expect(await reply.locator('.quote').innerText()).toBe(`${PEOPLE[language].name}: @Ada about ${language}`)
      const answer = page.locator('.message[data-bot=true].in-thread', { hasText: 'That is all I can do.' })
      await answer.filter({ has: page.locator('.quote', { hasText: `and what of ${language}?` }) }).waitFor()
      await mine.hover()
      await mine.locator('.acts button').nth(1).click()
      await mine.locator('.picker button').first().click()
      await mine.locator('.reaction', { hasText: PEOPLE[language].name }).waitFor()
      await mine.locator('.acts button').last().click()
      await page.locator('.message.mine .recalled').last().waitFor()
    })
  })

  describe('with the switch for deliveries on', () => {
    let page: Page

    beforeAll(async () => {
      page = await world.open('', 'en')
      await openChat(page, 'Bruno')
    })

    afterEach(() => choose('normal'))

    afterAll(() => page.context().close())

    const choose = (name: string) => {
      const isTaken = (method: string, url: string) =>
        url.endsWith('/_control/faults') && method === (name === 'normal' ? 'DELETE' : 'POST')
      return Promise.all([
        page.waitForResponse((response) => isTaken(response.request().method(), response.url())),
        page.locator('.deliveries select').selectOption(name)
      ])
    }
    const mine = (text: string) => page.locator('.message.mine', { hasText: text })
    const idOf = async (text: string) => (await mine(text).getAttribute('data-id'))!
    const whole = (text: string) => answers(page, text).filter({ hasText: 'That is all I can do.' })
    const deliveries = async (text: string) =>
      world.servers.simulator.deliveries({ messageId: await idOf(text), eventType: 'im.message.receive_v1' })

    it('answers once while every delivery is doubled, and says so after a reload', async () => {
      await choose('doubled')
      await say(page, 'twice?')
      await whole('twice?').first().waitFor()
      await page.reload()
      const delivery = page.locator('.deliveries select')
      await delivery.waitFor()
      await eventually('the switch stands', async () => (await delivery.inputValue()) === 'doubled')
      await openChat(page, 'Bruno')
      expect(await deliveries('twice?')).toHaveLength(2)
      expect(await answers(page, 'twice?').count()).toBe(1)
    })

    it('shows at once what was said, and the answer when the late delivery has come', async () => {
      const { simulator } = world.servers
      await choose('slow')
      // As long as Lark's clock stands, nothing that is late comes.
      await simulator.changeClock({ rate: 0 })
      await say(page, 'late?')
      await mine('late?').waitFor()
      expect(await deliveries('late?')).toEqual([])
      expect(await answers(page, 'late?').count()).toBe(0)
      await simulator.changeClock({ rate: 1 })
      await whole('late?').waitFor()
    })

    it('answers once although acknowledgements are lost and Lark delivers again', async () => {
      const { simulator } = world.servers
      await choose('lost')
      await say(page, 'lost?')
      await whole('lost?').waitFor()
      const messageId = await idOf('lost?')
      await simulator.waitForDelivery({ messageId, attempt: 1, ok: false })
      await choose('normal')
      await world.servers.advance(16_000)
      await simulator.waitForDelivery({ messageId, attempt: 2, ok: true })
      await simulator.settled()
      expect(await answers(page, 'lost?').count()).toBe(1)
    })

    it('answers everything that comes out of order', async () => {
      await choose('reordered')
      await say(page, 'the first')
      await mine('the first').waitFor()
      expect(await deliveries('the first')).toEqual([])
      await say(page, 'the second')
      await whole('the first').waitFor()
      const order = await page.locator('.message[data-bot=true]', { hasText: /the (first|second)/ }).allInnerTexts()
      expect(order.map((text) => /the (?:first|second)/.exec(text)?.[0])).toEqual(['the second', 'the first'])
    })
  })

  it('shows each person their own chats', async () => {
    const page = await world.open('', 'en')
    await openChat(page, 'Ada')
    await page.locator('.message').first().waitFor()
    await page.locator('.person', { hasText: 'Priya' }).click()
    await page.locator('.person[aria-checked=true]', { hasText: 'Priya' }).waitFor()
    await page.locator('.messages .empty').waitFor()
    await page.context().close()
  })
})
