import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import express, { type ErrorRequestHandler, type Express } from 'express'
import type { Company } from '../start/company'
import type { XpertHost } from '../xpert-host/client'
import { readAdminData } from './admin-data'
import { proxyTo } from './proxy'

/** What the pages are about, once it runs. */
export interface Shown {
  simulatorUrl: string
  host: XpertHost
  databaseUrl: string
  company: Company
}

export interface Pages {
  readonly url: string
  show(shown: Shown): void
  stop(): Promise<void>
}

/** Taken when it is free, so that a bookmark keeps working; any free port otherwise. */
const USUAL_PORT = 3400

/** Serves the chat page and the admin page on loopback, the simulator below /sim and the host below /host. */
export async function startPages(options: { statePath: string }): Promise<Pages> {
  let shown: Shown | undefined
  const app = express()
  app.disable('x-powered-by')
  // A page of another site must not reach the playground through a name that points to loopback.
  app.use((request, response, next) => {
    if (/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? '')) next()
    else response.status(403).end()
  })
  app.use(
    '/sim',
    proxyTo(() => shown?.simulatorUrl)
  )
  app.use(
    '/host',
    proxyTo(() => shown?.host.url)
  )
  addData(app, () => shown, options.statePath)
  app.use(
    '/vendor/marked',
    express.static(join(dirname(require.resolve('marked/package.json')), 'lib'), { index: false })
  )
  app.use(express.static(join(__dirname, 'public'), { etag: true, maxAge: 0 }))
  app.use(answerError)
  const server = createServer(app)
  const port = await listen(server, USUAL_PORT).catch(() => listen(server, 0))
  return {
    url: `http://127.0.0.1:${port}`,
    show: (next) => (shown = next),
    stop: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      })
  }
}

function addData(app: Express, shown: () => Shown | undefined, statePath: string): void {
  app.get('/api/state-folder', (_request, response) => {
    response.type('text').send(statePath)
  })
  app.get('/api/playground', (_request, response) => {
    const now = shown()
    response.json(now ? { ready: true, ...visible(now.company) } : { ready: false })
  })
  app.get('/api/admin', async (_request, response) => {
    const now = shown()
    if (!now) response.status(503).json({ error: 'the playground is still starting' })
    else response.json(await readAdminData(now.host, now.databaseUrl, now.company))
  })
}

const answerError: ErrorRequestHandler = (error, _request, response, _next) => {
  response.status(500).json({ error: error instanceof Error ? error.message : String(error) })
}

/** People, chats and bots, without the apps' secrets. */
function visible({ bots, people, group }: Company): object {
  const bot = ({ app, transport, integrationId, expertId }: Company['bots']['webhook']): object => ({
    name: app.name,
    appId: app.appId,
    transport,
    integrationId,
    expertId
  })
  return {
    bots: Object.values(bots).map(bot),
    people: people.map(({ userId, name }) => ({ userId, name })),
    groupId: group.chatId
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}
