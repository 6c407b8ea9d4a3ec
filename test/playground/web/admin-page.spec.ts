import type { Page } from 'playwright-core'
import { describeInBrowser } from '../../support/browser/chromium'
import { eventually } from '../../support/eventually'
import { PagesWorld, type PageLanguage } from '../../support/browser/pages-world'

const WORDS: Record<PageLanguage, { title: string; status: string; callbacks: string; chosen: string }> = {
  en: { title: 'Admin', status: 'Status', callbacks: 'Last callback', chosen: 'Published.' },
  zh: { title: '管理', status: '状态', callbacks: '', chosen: '已发布。' }
}

describeInBrowser('the admin page', () => {
  let world: PagesWorld

  beforeAll(async () => {
    world = await PagesWorld.create()
  }, 120_000)

  afterAll(() => world.end())

  afterEach(() => {
    expect(world.complaints.splice(0)).toEqual([])
  })

  /** The browser may show what an answer did before it tells of the answer. */
  const onlyComplaint = async (line: string) => {
    await eventually(`there is a complaint: ${line}`, async () => world.complaints.length > 0)
    expect(world.complaints.splice(0)).toEqual([line])
  }

  const field = (page: Page, name: string) => page.locator(`[data-field="${name}"] :is(input, select)`).first()

  const copied = (page: Page, app: string, value: string) =>
    page.locator(`[data-app="${app}"] [data-value="${value}"]`).innerText()

  const tab = async (page: Page, at: number, key: string) => {
    await page.locator('[role=tab]').nth(at).click()
    await page.locator(`[data-view=lark_integration__${key}]`).waitFor()
  }

  describe.each<PageLanguage>(['en', 'zh'])('in %s', (language) => {
    const name = `Nova ${language}`
    let page: Page

    beforeAll(async () => {
      page = await world.open('admin.html#/console', language)
      await page.getByRole('heading', { name: WORDS[language].title, exact: true }).waitFor()
    })

    afterAll(() => page.context().close())

    it('sets up an integration from nothing, with its form and its test', async () => {
      await page.locator('#app-name').fill(name)
      await page.locator('#app-transport').selectOption('webhook')
      await page.locator('.buttons .primary').click()
      await page.locator(`[data-app="${name}"]`).waitFor()
      const values = {
        appId: await copied(page, name, 'appId'),
        appSecret: await copied(page, name, 'appSecret'),
        verificationToken: await copied(page, name, 'verificationToken')
      }

      await page.locator('a[href="#/integration/new"]').click()
      await field(page, 'connectionMode').selectOption('webhook')
      await page.locator('#name').fill(name)
      await field(page, 'appId').fill(values.appId)
      await field(page, 'appSecret').fill('wrong')
      await page.locator('.panel .buttons button').nth(1).click()
      await page.locator('.result.bad').waitFor()
      // So the host answers a test that fails (host-observed 10).
      await onlyComplaint('500 /host/api/integration/test')
      await world.picture(page, `refused-${language}`)
      await field(page, 'appSecret').fill(values.appSecret)
      await field(page, 'verificationToken').fill(values.verificationToken)
      await page.locator('.panel .buttons .primary').click()
      await page.locator('.result code').waitFor()
      const url = await page.locator('.result code').innerText()
      await world.picture(page, `integration-${language}`)

      await page.locator('a[href="#/console"]').click()
      await page.locator(`[data-app="${name}"] input[name=url]`).fill(url)
      await page.locator(`[data-app="${name}"] form button`).click()
      await page.locator('.toast:not(.error)').last().waitFor()
    })

    it('binds an expert to it: the trigger says what is wrong, and publishes what is right', async () => {
      await page.locator('a[href="#/expert/new"]').click()
      await page.locator('#name').fill(name)
      await page.locator('#script').selectOption('scriptMarkdown')
      await page.locator('.buttons .primary').click()
      const integrations = field(page, 'integrationId')
      await integrations.locator('option', { hasText: 'Ada' }).waitFor({ state: 'attached' })
      // A picker before there is an integration to pick from.
      await onlyComplaint('404 /host/api/lark/user-select-options')
      await integrations.selectOption({ label: 'Ada (long_connection)' })
      await page.locator('[data-field=integrationId] .problem.error').waitFor()
      await integrations.selectOption({ label: name })
      await page.locator('[data-field=integrationId] .problem.error').waitFor({ state: 'detached' })
      await world.picture(page, `trigger-${language}`)
      await page.locator('#trigger .buttons .primary').click()
      await page.locator('.toast', { hasText: WORDS[language].chosen }).waitFor()
    })

    it('sees the tabs fill when somebody writes to the bot', async () => {
      const chat = await world.open('', language)
      await chat.locator('.chat-item', { hasText: name }).click()
      await chat.locator('.chat-head h1', { hasText: name }).waitFor()
      await chat.locator('#text').fill('what is new?')
      await chat.locator('#text').press('Enter')
      await chat.locator('.message[data-bot=true] table').waitFor()
      await chat.locator('.message[data-bot=true]', { hasText: 'That is all.' }).waitFor()
      await world.picture(chat, `answer-${language}`)
      await chat.context().close()

      await page.locator('.admin-side a', { hasText: name }).first().click()
      await page.locator('[data-view=lark_integration__status] .stat').first().waitFor()
      expect(await page.locator('[role=tab]').first().innerText()).toContain(WORDS[language].status)
      await tab(page, 4, 'messages')
      await page.locator('[data-view$=messages] tbody tr').first().waitFor()
      expect(await page.locator('[data-view$=messages] tbody tr').count()).toBe(1)
      await world.picture(page, `messages-${language}`)
      await tab(page, 3, 'sessions')
      await page.locator('[data-view$=sessions] tbody tr [data-action=new_conversation]').click()
      await page.locator('.toast:not(.error)').last().waitFor()
      await tab(page, 2, 'users')
      await page.locator('[data-view$=users] tbody tr').first().waitFor()
      await tab(page, 1, 'diagnosis')
      await page.locator('[data-view$=diagnosis] tbody tr').first().waitFor()
      await world.picture(page, `diagnosis-${language}`)
    })

    it('stops the trigger', async () => {
      await page.locator('.admin-side a', { hasText: name }).last().click()
      await page.locator('#runs tbody tr').first().waitFor()
      await page.locator('#trigger .buttons button').nth(1).click()
      await page.locator('#trigger .buttons button:disabled').waitFor()
    })
  })

  it('shows a viewer what a viewer may do', async () => {
    const page = await world.open('admin.html', 'en')
    await page.locator('[data-action=reconnect]').waitFor()
    await page.locator('#user').selectOption('viewer')
    await page.locator('[data-action=reconnect]').waitFor({ state: 'detached' })
    await page.context().close()
    // A viewer has no right to experts, nor to test.
    const isRefusal = (line: string) => line.startsWith('403 /host/api/')
    expect(world.complaints.splice(0).filter((line) => !isRefusal(line))).toEqual([])
  })

  it('narrows a list of people, and keeps who is chosen', async () => {
    const page = await world.open('admin.html', 'en')
    await page.locator('.admin-side a[href^="#/expert"]', { hasText: 'Ada' }).click()
    await field(page, 'singleChatScope').selectOption('selected_users')
    const people = page.locator('#field-singleChatUserOpenIds')
    await people.getByText('Priya').waitFor()
    await people.getByRole('searchbox').fill('pri')
    await people.getByText('Mei').waitFor({ state: 'detached' })
    await people.getByRole('checkbox').check()
    await people.getByRole('searchbox').fill('')
    await people.getByText('Mei').waitFor()
    expect(await people.getByRole('checkbox', { checked: true }).count()).toBe(1)
    await page.context().close()
  })
})
