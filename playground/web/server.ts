import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import express, { type ErrorRequestHandler } from 'express'
import { proxyTo } from './proxy'

/** What the pages are about, once it runs. */
export interface Shown {
  /** Left out when the bots are connected to the real Lark: then there is no chat page. */
  simulatorUrl?: string
  hostUrl: string
}

export interface Pages {
  readonly url: string
  show(shown: Shown): void
  stop(): Promise<void>
}

/** Taken when it is free, so that a bookmark keeps working; any free port otherwise. */
const USUAL_PORT = 3400

/** Browser builds of the pages' libraries; the one of lit-html stands above the build that Node takes. */
const VENDORS: [name: string, folder: string][] = [
  ['marked', join(dirname(require.resolve('marked/package.json')), 'lib')],
  ['lit-html', join(dirname(require.resolve('lit-html')), '..')]
]

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
    proxyTo(() => shown?.hostUrl)
  )
  app.get('/api/state-folder', (_request, response) => {
    response.type('text').send(options.statePath)
  })
  app.get('/api/playground', (_request, response) => {
    response.json({ ready: shown !== undefined, real: shown !== undefined && shown.simulatorUrl === undefined })
  })
  for (const [name, folder] of VENDORS) app.use(`/vendor/${name}`, express.static(folder, { index: false }))
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

const answerError: ErrorRequestHandler = (error, _request, response, _next) => {
  response.status(500).json({ error: error instanceof Error ? error.message : String(error) })
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
