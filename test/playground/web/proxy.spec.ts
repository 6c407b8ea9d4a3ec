import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { proxyTo } from '../../../playground/web/proxy'

describe('proxyTo', () => {
  const servers: Server[] = []
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.close()
      server.closeAllConnections()
    }
  })

  const listen = async (server: Server): Promise<string> => {
    servers.push(server.listen(0, '127.0.0.1'))
    await new Promise((done) => server.once('listening', done))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
  const proxy = (target: () => string | undefined): Promise<string> =>
    listen(createServer(express().use('/sim', proxyTo(target))))

  it('passes method, path, query and body on, and status and body back', async () => {
    const target = await listen(
      createServer((incoming, response) => {
        let body = ''
        incoming.on('data', (chunk: Buffer) => (body += chunk.toString()))
        incoming.on('end', () => response.writeHead(418).end(`${incoming.method} ${incoming.url} ${body}`))
      })
    )
    const answer = await fetch(`${await proxy(() => target)}/sim/_control/say?a=1`, { method: 'POST', body: 'hello' })
    expect([answer.status, await answer.text()]).toEqual([418, 'POST /_control/say?a=1 hello'])
  })

  it('passes a stream on as it comes, and hangs up when the reader does', async () => {
    let hungUp: () => void
    const hangUp = new Promise<void>((done) => (hungUp = done))
    const target = await listen(
      createServer((_incoming, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
        response.write('data: 1\n\n')
        response.on('close', () => hungUp())
      })
    )
    const reading = request(`${await proxy(() => target)}/sim/stream`).end()
    const first = await new Promise<string>((done) => {
      reading.on('response', (response) => response.once('data', (chunk: Buffer) => done(chunk.toString())))
    })
    expect(first).toBe('data: 1\n\n')
    reading.destroy()
    await hangUp
  })

  it('answers 503 while there is no target and 502 when it is gone', async () => {
    expect((await fetch(`${await proxy(() => undefined)}/sim/x`)).status).toBe(503)
    const server = createServer()
    const target = await listen(server)
    await new Promise((done) => server.close(done))
    expect((await fetch(`${await proxy(() => target)}/sim/x`)).status).toBe(502)
  })
})
