import { once } from 'node:events'
import { createServer, Server } from 'node:http'
import { AddressInfo } from 'node:net'
import { LarkCallFailure, LarkHttp } from '../../../src/lark/lark-http'

describe('LarkHttp', () => {
  let server: Server
  let reset: string

  beforeAll(async () => {
    server = createServer((_request, response) => {
      response.writeHead(429, { 'content-type': 'application/json', 'x-ogw-ratelimit-reset': reset })
      response.end(JSON.stringify({ code: 99991400, msg: 'request trigger frequency limit' }))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  })

  afterAll(() => server.close())

  it.each([
    ['7', 7_000],
    ['60', 60_000],
    ['3600', 60_000],
    ['99999999999', 60_000],
    ['0', undefined],
    ['-5', undefined],
    ['soon', undefined]
  ])('waits %s seconds, if Lark says so, for %s ms', async (said, waitMs) => {
    reset = said
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const failure: unknown = await new LarkHttp().get(url).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(LarkCallFailure)
    expect((failure as LarkCallFailure).facts.retryAfterMs).toBe(waitMs)
  })

  it('waits no longer than for anything else for the rest of what Lark refuses a file with', async () => {
    const cut = createServer((_request, response) => {
      response.writeHead(400, { 'content-type': 'application/json' })
      response.write('{"code":')
    })
    cut.listen(0, '127.0.0.1')
    await once(cut, 'listening')
    try {
      const url = `http://127.0.0.1:${(cut.address() as AddressInfo).port}/`
      const file = new LarkHttp(100).get(url, { responseType: 'stream' })
      await expect(file).rejects.toMatchObject({ facts: { httpStatus: 400 } })
    } finally {
      cut.closeAllConnections()
      cut.close()
    }
  })
})
