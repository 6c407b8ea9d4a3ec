import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { foundCompany, type Company } from '../../../playground/start/company'
import { Servers } from '../../../playground/start/servers'
import { StateFolder } from '../../../playground/start/state-folder'
import { startPages, type Pages } from '../../../playground/web/server'
import type { ExpertScript } from '../../../playground/xpert-host/client'
import { launchChromium } from './chromium'

const WAIT_MS = 45_000

export type PageLanguage = 'en' | 'zh'

/** What `npm start` starts, with a browser in front of it. */
export class PagesWorld {
  /** What no page may say: errors of its console, and answers of 400 and more, as `500 /host/api/...`. */
  readonly complaints: string[] = []

  private constructor(
    private readonly folder: string,
    readonly servers: Servers,
    readonly company: Company,
    private readonly pages: Pages,
    private readonly browser: Browser
  ) {}

  static async create(): Promise<PagesWorld> {
    const folder = await mkdtemp(join(tmpdir(), 'lark-pages-'))
    const state = new StateFolder(folder)
    const servers = new Servers({ folder, throwAway: true })
    await servers.start()
    const company = await foundCompany(servers.simulator, servers.host, state)
    const pages = await startPages({ statePath: folder })
    pages.show({ simulatorUrl: servers.simulator.url, hostUrl: servers.host.url })
    return new PagesWorld(folder, servers, company, pages, await launchChromium())
  }

  /** `path`: with its hash. */
  async open(path: string, language: PageLanguage): Promise<Page> {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 860 } })
    context.setDefaultTimeout(WAIT_MS)
    const page = await context.newPage()
    page.on('console', (line) => {
      const isOfAnAnswer = line.text().startsWith('Failed to load resource')
      if (line.type() === 'error' && !isOfAnAnswer) this.complaints.push(`console: ${line.text()}`)
    })
    page.on('response', (answer) => {
      if (answer.status() >= 400) this.complaints.push(`${answer.status()} ${new URL(answer.url()).pathname}`)
    })
    page.on('pageerror', ({ message }) => this.complaints.push(`error: ${message}`))
    page.on('dialog', (dialog) => void dialog.accept())
    const [file, hash = ''] = path.split('#')
    await page.goto(`${this.pages.url}/${file}?lang=${language}${hash && `#${hash}`}`)
    return page
  }

  /** A further bot, over the long connection. */
  async hire(name: string, script: ExpertScript): Promise<void> {
    const { simulator, host } = this.servers
    const session = host.login('admin')
    const app = await simulator.createApp({ name, transport: 'long_connection' })
    const { appId, appSecret } = app
    const integration = await session.createIntegration({ name, options: { appId, appSecret } })
    const expert = await session.createExpert({ name, script })
    const trigger = { provider: 'lark', config: { integrationId: integration.id } }
    const published = await session.publish(expert.id, trigger)
    if (published.status >= 300) throw new Error(`not published: ${JSON.stringify(published.body)}`)
    await simulator.waitForConnections(appId, 1, WAIT_MS)
  }

  /** For the eyes of a developer, who names a folder for it. */
  async picture(page: Page, name: string): Promise<void> {
    const folder = process.env.SCREENSHOTS
    if (folder) await page.screenshot({ path: join(folder, `${name}.png`) })
  }

  async end(): Promise<void> {
    await this.browser.close()
    await this.pages.stop()
    await this.servers.stop()
    await rm(this.folder, { recursive: true, force: true })
  }
}
