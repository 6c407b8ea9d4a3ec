import express from 'express'
import { Server, createServer } from 'node:http'
import { AddressInfo } from 'node:net'
import { controlRouter } from './control/control-router'
import { Platform } from './platform'
import { wsEndpoint } from './push/ws-endpoint'
import { openApiRouter } from './rest/router'

export interface RunningSimulator {
  url: string
  close(): Promise<void>
}

/** One origin on loopback: bots' APIs, the socket, and the control API. */
export async function startSimulator(port: number): Promise<RunningSimulator> {
  const platform = new Platform()
  const app = express()
  app.disable('x-powered-by')
  app.use('/_control', controlRouter(platform))
  app.use('/open-apis', openApiRouter(platform))
  app.post('/callback/ws/endpoint', express.json(), wsEndpoint(platform.world, platform.sockets, platform.faults))
  const server = createServer(app)
  server.keepAliveTimeout = 60_000
  server.requestTimeout = 0
  server.on('upgrade', (request, socket, head) => platform.sockets.upgrade(request, socket, head))
  await listen(server, port)
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => close(server, platform)
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
}

function close(server: Server, platform: Platform): Promise<void> {
  platform.stop()
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
